package dev.kairos.api.env;

import java.time.Duration;

/**
 * A wait that can be ended early. Raising is remembered until one wait consumed it, so a raise that comes between two
 * waits is never lost.
 *
 * <p>Status: experimental since 0.1.
 */
public interface Signal {
    /** Ends the current wait, or the next one if nobody waits. Never blocks; may be called from any thread. */
    void raise();

    /**
     * Waits until the signal is raised or the time has passed, in monotonic time.
     *
     * @param atMost the bound; zero or negative only asks and consumes
     * @return true if the signal was raised, which lowers it again
     * @throws InterruptedException if the calling thread was interrupted
     */
    boolean await(Duration atMost) throws InterruptedException;
}
