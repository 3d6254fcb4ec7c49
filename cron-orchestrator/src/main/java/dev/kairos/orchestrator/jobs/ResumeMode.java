package dev.kairos.orchestrator.jobs;

/** How a paused job goes on. Status: experimental since 0.1. */
public enum ResumeMode {
    /** The paused stretch is skipped, one ledger row says so, and the job waits for its next instant. */
    NEXT,
    /** The latest occurrence of the paused stretch runs now, the others are skipped. */
    CATCH_UP,
    /** As {@link #NEXT}, and instants in the future that a wrong clock used up count no more. */
    RESET
}
