package dev.kairos.api.ledger;

import java.util.Locale;

/** Where an execution stands or how it ended. Status: experimental since 0.1. */
public enum ExecutionStatus {
    /** A person asked for it; no node has taken it. */
    REQUESTED(true, false),
    /** It waits for the run before it; owned by no node. */
    QUEUED(true, false),
    /** A further attempt that waits for its backoff; owned by no node. */
    RETRY(true, false),
    /** A node has the right to execute it and has not started. */
    CLAIMED(true, true),
    /** The start mark is written; its work may have begun. */
    RUNNING(true, true),
    /** It succeeded. */
    OK(false, false),
    /** It failed. */
    ERROR(false, false),
    /** It took longer than its bound and was ended. */
    TIMED_OUT(false, false),
    /** It could not begin for want of configuration. */
    BLOCKED_CONFIG(false, false),
    /** It was withdrawn before or while it ran. */
    CANCELLED(false, false),
    /** Nobody knows whether its work was done: its node died or was stopped. */
    UNKNOWN(false, false),
    /** It never ran; the reason says why. */
    SKIPPED(false, false);

    private final boolean open;
    private final boolean owned;

    ExecutionStatus(boolean open, boolean owned) {
        this.open = open;
        this.owned = owned;
    }

    /** Whether the row may still change. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a node owns the row: claimed or running. */
    public boolean isOwned() {
        return owned;
    }

    /** Whether the row waits for any able node. */
    public boolean isWaiting() {
        return open && !owned;
    }

    /** Whether it counts as a failure of the job: error, timed out, unknown. */
    public boolean isFailure() {
        return this == ERROR || this == TIMED_OUT || this == UNKNOWN;
    }

    /** The word in the ledger, on the command line and in {@code last_status}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
