package dev.kairos.api.job;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What happens to occurrences whose time passed unfired.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param policy what to run of them
 * @param grace how late the latest may be and still count as merely late; empty is {@code auto}
 */
public record Misfire(Policy policy, Optional<Duration> grace) {
    /** What to run of the missed occurrences. */
    public enum Policy {
        /** Exactly one run, of the latest. */
        RUN_ONCE,
        /** The latest only if within grace; the rest is one skip row. */
        SKIP,
        /** The latest hundred in order, older ones one skip row. */
        RUN_ALL
    }

    /** {@code run_once} with automatic grace. */
    public static final Misfire DEFAULT = new Misfire(Policy.RUN_ONCE, Optional.empty());

    public Misfire {
        Objects.requireNonNull(policy);
        Objects.requireNonNull(grace);
    }
}
