package dev.kairos.orchestrator;

import dev.kairos.api.DurationText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that the machine's clock and the store's differ, and once that they agree again. Between the two thresholds
 * nothing is said, so that a difference near one of them is not said over and over. Thread-safe.
 */
final class ClockWarning {
    /** From here on it is said. */
    static final Duration FAR = Duration.ofSeconds(1);

    /** Up to here it is over. */
    private static final Duration NEAR = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger("cron.clock");

    private final StoreClock clock;
    private final Events events;
    private final Object lock = new Object();
    private boolean isFar;

    ClockWarning(StoreClock clock, Events events) {
        this.clock = clock;
        this.events = events;
    }

    /** After each look at the store's clock. */
    void look() {
        Duration ahead = clock.ahead().orElse(Duration.ZERO);
        boolean wasFar;
        boolean isFarNow;
        synchronized (lock) {
            wasFar = isFar;
            isFar = ahead.abs().compareTo(wasFar ? NEAR : FAR) > 0;
            isFarNow = isFar;
        }
        if (isFarNow && !wasFar) {
            LOG.warn(
                    "cron.clock this machine's clock is {} {} the store's, which is the one that counts; set it by NTP",
                    DurationText.format(ahead.abs().plusMillis(500).truncatedTo(ChronoUnit.SECONDS)),
                    ahead.isNegative() ? "ahead of" : "behind");
            events.publishWarning("cron.clock-differs", "store_ahead_ms", Long.toString(ahead.toMillis()));
        } else if (wasFar && !isFarNow) {
            events.publish("cron.clock-agrees", "store_ahead_ms", Long.toString(ahead.toMillis()));
        }
    }
}
