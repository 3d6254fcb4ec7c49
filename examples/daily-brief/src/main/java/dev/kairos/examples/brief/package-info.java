/** A daily brief by an agent. */
@NullMarked
package dev.kairos.examples.brief;

import org.jspecify.annotations.NullMarked;
