/** Runners and handlers: what executes one kind of work. */
@NullMarked
package dev.kairos.api.run;

import org.jspecify.annotations.NullMarked;
