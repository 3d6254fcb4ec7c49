package dev.kairos.api.delivery;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A send that was not confirmed. Its kind decides what happens next. Status: experimental since 0.1. */
public final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it was not confirmed. */
    public enum Kind {
        /** Try again later. */
        TRANSIENT,
        /** It will never be accepted as it is. */
        TERMINAL,
        /** The request may have been carried out. */
        UNKNOWN_FATE
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    /**
     * Creates the failure.
     *
     * @param message what the platform said and how to mend it, without secrets
     */
    public DeliveryException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    /** Creates the failure with the platform's own wish for the next attempt and a cause. */
    public DeliveryException(Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Why it was not confirmed. */
    public Kind kind() {
        return kind;
    }

    /** How long the platform asked to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
