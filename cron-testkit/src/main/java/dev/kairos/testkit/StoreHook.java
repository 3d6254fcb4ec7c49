package dev.kairos.testkit;

/**
 * Stands before and behind each write of an {@link InterceptedStore}: it may count, pause, or throw in place of the
 * store. What it throws before a write prevents the write; what it throws afterwards hides the answer of a write that
 * was made.
 *
 * <p>Called on the writing thread, outside the store's transaction. Status: experimental since 0.1.
 */
public interface StoreHook {
    /** The writes of a store, by the method that makes them. */
    enum Write {
        /** {@code jobs().create}. */
        CREATE,
        /** {@code claims().claimDue}. */
        CLAIM,
        /** {@code claims().amend}. */
        AMEND,
        /** {@code claims().decide}. */
        DECIDE,
        /** {@code ledger().prune}. */
        PRUNE,
        /** {@code ledger().keepFact}. */
        KEEP_FACT,
        /** {@code outbox().claimDue}. */
        CLAIM_ENVELOPES,
        /** {@code outbox().put}. */
        PUT_ENVELOPE,
        /** {@code nodes().join}. */
        JOIN,
        /** {@code nodes().renew}. */
        RENEW,
        /** {@code nodes().expel}. */
        EXPEL,
        /** {@code nodes().leave}. */
        LEAVE
    }

    /** Called before the store is asked. */
    default void before(Write write) {}

    /** Called after the store made the write and before its answer is given; not when the store threw. */
    default void after(Write write) {}
}
