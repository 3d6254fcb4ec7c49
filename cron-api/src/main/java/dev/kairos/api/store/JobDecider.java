package dev.kairos.api.store;

/**
 * The host's decision about one job, called inside a store's transaction. It is pure and quick, calls no store, and may
 * be called again if the transaction is repeated. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface JobDecider {
    /** What to write, given what is there. */
    Amendment decide(JobView view);

    /**
     * What {@link Claims#claimDue} writes instead where what was decided breaks the key (job, scheduledAt, attempt): the
     * occurrence is in the ledger already, of a removed job with the same id for example. What breaks the key again is
     * not written either.
     */
    default Amendment passOver(JobView view) {
        return Amendment.none();
    }
}
