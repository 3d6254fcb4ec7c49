package dev.kairos.api.store;

import dev.kairos.api.ledger.Execution;

/**
 * The host's decision about one open execution, called inside a store's transaction. It is pure and quick, calls no
 * store, and may be called again if the transaction is repeated. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface RowDecider {
    /** What to write, given the job and the row as they are now. */
    Amendment decide(JobView view, Execution row);
}
