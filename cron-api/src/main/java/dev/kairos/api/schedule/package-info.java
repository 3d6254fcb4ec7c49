/** The rule that yields a job's instants. */
@NullMarked
package dev.kairos.api.schedule;

import org.jspecify.annotations.NullMarked;
