package dev.kairos.provider.quartz;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import org.quartz.DateBuilder;
import org.quartz.DateBuilder.IntervalUnit;

/**
 * Jobs are due by the host's clock, which may be a database's; Quartz fires by the machine's. What is armed is moved by how
 * far the two are apart. Thread-safe.
 */
final class QuartzClock {
    /** What the two clocks may show differently before it counts: they are read one after the other. */
    static final Duration TOLERATED = Duration.ofMillis(50);

    private static final int TRIES = 3;

    private final Environment environment;
    private volatile Duration ahead = Duration.ZERO;

    QuartzClock(Environment environment) {
        this.environment = environment;
    }

    /** Whether the clocks are another distance apart than they were at the last {@link #set}. */
    boolean hasMoved() {
        return measured().minus(ahead).abs().compareTo(TOLERATED) > 0;
    }

    /** From now on the present distance holds, where it is another; everything is to be armed anew then. */
    void set() {
        if (hasMoved()) {
            Duration present = measured();
            ahead = present.abs().compareTo(TOLERATED) > 0 ? present : Duration.ZERO;
        }
    }

    /** The host's instant as Quartz's clock will show it. */
    Instant ofQuartz(Instant at) {
        return at.minus(ahead);
    }

    /** The instant of Quartz's clock as the host's will show it. */
    Instant ofHost(Instant at) {
        return at.plus(ahead);
    }

    /** In whole milliseconds, as Quartz counts; read again where the thread was held up in between. */
    private Duration measured() {
        Instant before = quartz();
        Instant host = environment.now();
        Instant after = quartz();
        for (int i = 1; i < TRIES && Duration.between(before, after).compareTo(TOLERATED) > 0; i++) {
            before = quartz();
            host = environment.now();
            after = quartz();
        }
        return Duration.ofMillis(Duration.between(before, host).toMillis());
    }

    private static Instant quartz() {
        return DateBuilder.futureDate(0, IntervalUnit.MILLISECOND).toInstant();
    }
}
