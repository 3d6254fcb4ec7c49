/** Stores that break one promise each, to see that the simulator notices. */
@NullMarked
package dev.kairos.testkit.sim.broken;

import org.jspecify.annotations.NullMarked;
