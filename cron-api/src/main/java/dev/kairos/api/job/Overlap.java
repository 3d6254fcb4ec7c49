package dev.kairos.api.job;

/** What happens to an occurrence that comes due while the job runs. Status: experimental since 0.1. */
public enum Overlap {
    /** It is skipped, with a ledger row. */
    SKIP,
    /** One waits as a queued row; a further one is skipped. */
    QUEUE,
    /** It runs beside the other. */
    ALLOW
}
