package dev.kairos.channels;

import dev.kairos.api.delivery.DeliveryException.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What an answer means that is no confirmation.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param kind what follows from it
 * @param mend what a person can do about it, a clause; empty if there is nothing to do but wait
 * @param retryAfter how long the platform asked to wait
 */
public record Refusal(Kind kind, String mend, Optional<Duration> retryAfter) {
    public Refusal {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(mend);
        Objects.requireNonNull(retryAfter);
    }

    /** It will never be accepted as it is. */
    public static Refusal terminal(String mend) {
        return new Refusal(Kind.TERMINAL, mend, Optional.empty());
    }

    /** It may be accepted later. */
    public static Refusal later(Optional<Duration> retryAfter) {
        return new Refusal(Kind.TRANSIENT, "", retryAfter);
    }
}
