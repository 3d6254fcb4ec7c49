package dev.kairos.api.job;

import java.time.Duration;
import java.util.Optional;

/**
 * How failed attempts are repeated; an absent part takes the configured default.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param maxRetries further attempts after the first, 0 to 100
 * @param backoff wait before the first retry
 * @param maxBackoff the longest wait
 * @param afterTools whether an agent's attempt is repeated even where it had called a tool; false where absent
 */
public record Retry(
        Optional<Integer> maxRetries,
        Optional<Duration> backoff,
        Optional<Duration> maxBackoff,
        Optional<Boolean> afterTools) {
    /** Everything as configured. */
    public static final Retry DEFAULT = new Retry(Optional.empty(), Optional.empty(), Optional.empty());

    /** How often and how fast alone. */
    public Retry(Optional<Integer> maxRetries, Optional<Duration> backoff, Optional<Duration> maxBackoff) {
        this(maxRetries, backoff, maxBackoff, Optional.empty());
    }

    public Retry {
        maxRetries.ifPresent(count -> {
            if (count < 0 || count > 100) {
                throw new IllegalArgumentException("max_retries must be 0 to 100: " + count);
            }
        });
    }
}
