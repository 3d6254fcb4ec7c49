package dev.kairos.provider.chronos;

import java.time.Duration;

/**
 * How long is waited for others.
 *
 * @param call one exchange with the portal
 * @param backoff before the second attempt; it doubles with each
 * @param keys reading the portal's keys
 * @param courtesy how long a caller's answer, or a stop, waits for the next trigger to be armed
 */
record Bounds(Duration call, Duration backoff, Duration keys, Duration courtesy) {
    /** The wire's 15 s, and what suits it. */
    static final Bounds STANDARD =
            new Bounds(Duration.ofSeconds(15), Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(5));

    Bounds {
        if (call.isNegative() || call.isZero() || backoff.isNegative() || keys.isNegative() || courtesy.isNegative()) {
            throw new IllegalArgumentException("no bound may be negative");
        }
    }
}
