package dev.kairos.api;

import java.time.Duration;

/**
 * Says that a provider is to stop. Raised once and for ever. The host implements it; any thread may ask.
 *
 * <p>Status: experimental since 0.1.
 */
public interface StopSignal {
    /** Whether the stop was asked for. */
    boolean isRaised();

    /**
     * Waits for the stop.
     *
     * @return true if it was asked for within the bound
     */
    boolean await(Duration atMost) throws InterruptedException;

    /** Runs the action when the stop is asked for, at once if it was; on the thread that raises it, so it must be quick. */
    void onRaise(Runnable action);
}
