/** A provider of one's own: some twenty lines and one line in META-INF/services. */
@NullMarked
package dev.kairos.examples.pulse;

import org.jspecify.annotations.NullMarked;
