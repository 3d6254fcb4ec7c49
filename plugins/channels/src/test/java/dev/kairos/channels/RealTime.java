package dev.kairos.channels;

import dev.kairos.testkit.DelegatingEnvironment;
import dev.kairos.testkit.RealTimeEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Real threads and waits beside a wall clock that stands still, so that signatures are the same in each run. A sleep is
 * over at once, and the time of it has passed: nobody waits for a platform's pace.
 */
public final class RealTime extends DelegatingEnvironment {
    /** What its wall clock shows. */
    public static final Instant NOW = Instant.parse("2027-01-15T09:00:00Z");

    private final AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);

    public RealTime() {
        super(new RealTimeEnvironment());
    }

    @Override
    public Instant now() {
        return NOW;
    }

    @Override
    public Duration uptime() {
        return super.uptime().plus(slept.get());
    }

    /** How long everybody slept. */
    public Duration slept() {
        return slept.get();
    }

    @Override
    public void sleep(Duration time) {
        slept.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public RandomGenerator random() {
        return new Random(4711);
    }
}
