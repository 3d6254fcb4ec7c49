package dev.kairos.api.env;

import java.time.Duration;

/** One body running on a host-owned thread. Status: experimental since 0.1. */
public interface Task {
    /** Interrupts the body's thread if the body still runs; does nothing afterwards. */
    void interrupt();

    /** Whether the body has ended. */
    boolean isDone();

    /**
     * Waits for the body's end.
     *
     * @return true if it ended within the bound
     */
    boolean join(Duration atMost) throws InterruptedException;
}
