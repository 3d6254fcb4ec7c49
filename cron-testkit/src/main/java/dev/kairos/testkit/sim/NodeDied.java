package dev.kairos.testkit.sim;

import dev.kairos.api.env.EnvironmentEnded;

/** Unwinds the threads of a process that was killed. It never leaves the simulator. */
final class NodeDied extends EnvironmentEnded {
    private static final long serialVersionUID = 1L;

    NodeDied() {
        super("the simulated process was killed");
    }
}
