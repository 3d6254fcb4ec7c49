package dev.kairos.testkit.sim;

/** Unwinds the threads of a process that was killed. It never leaves the simulator. */
final class NodeDied extends Error {
    private static final long serialVersionUID = 1L;

    NodeDied() {
        super("the simulated process was killed", null, false, false);
    }
}
