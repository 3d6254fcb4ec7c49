package dev.kairos.api.store;

/**
 * The host's decision about one job, called inside a store's transaction. It is pure and quick, calls no store, and may
 * be called again if the transaction is repeated. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface JobDecider {
    /** What to write, given what is there. */
    Amendment decide(JobView view);
}
