package dev.kairos.api.store;

import org.jspecify.annotations.Nullable;

/** The store could not answer; whether the write happened is unknown unless the kind says otherwise. Status: experimental since 0.1. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble. */
    public enum Kind {
        /** Busy, disconnected, timed out: it may work the next time. */
        TRANSIENT,
        /** The disk is full: nothing was written. */
        FULL,
        /** The store cannot be opened or read; a person must act. */
        UNUSABLE,
        /** An older version wrote it, and this opening was not to bring it up to date: nothing was changed. */
        OUTDATED,
        /** There is none, and this opening was not to make one: nothing was changed. */
        ABSENT,
        /** The asking node's lease was taken away; it must stop its runs and join anew. */
        NODE_LOST
    }

    private final Kind kind;

    /**
     * Creates the failure.
     *
     * @param message what happened, where, and what to do
     */
    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of trouble. */
    public Kind kind() {
        return kind;
    }
}
