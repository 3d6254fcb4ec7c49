/** The simulator: real orchestrators on virtual time, killed around their writes, every invariant watched. */
@NullMarked
package dev.kairos.testkit.sim;

import org.jspecify.annotations.NullMarked;
