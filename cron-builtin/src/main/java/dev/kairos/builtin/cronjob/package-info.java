/** The tool {@code cronjob}, whoever offers it: what it does on a home, its schema, its refusals. */
@NullMarked
package dev.kairos.builtin.cronjob;

import org.jspecify.annotations.NullMarked;
