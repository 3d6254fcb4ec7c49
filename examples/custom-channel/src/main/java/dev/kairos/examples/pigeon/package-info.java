/** A platform of one's own. */
@NullMarked
package dev.kairos.examples.pigeon;

import org.jspecify.annotations.NullMarked;
