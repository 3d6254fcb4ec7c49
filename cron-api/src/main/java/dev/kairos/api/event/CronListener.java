package dev.kairos.api.event;

/**
 * Hears of every state change. Called on a host thread after the change was committed, in order per node; must not
 * block. What it throws is logged and forgotten. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface CronListener {
    /** Something changed. */
    void onEvent(CronEvent event);
}
