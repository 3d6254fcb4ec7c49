package dev.kairos.provider.crontab;

import dev.kairos.api.env.Processes;
import dev.kairos.testkit.DelegatingEnvironment;
import dev.kairos.testkit.RealTimeEnvironment;
import java.time.Duration;
import java.time.Instant;

/** Real threads, waits and children beside a wall clock that may run faster. */
final class FastMachine extends DelegatingEnvironment {
    private final int haste;
    private final Instant begin;

    private final long origin = System.nanoTime();
    private final Processes children = new RealChildren();

    private FastMachine(Instant begin, int haste) {
        super(new RealTimeEnvironment());
        this.begin = begin;
        this.haste = haste;
    }

    /** A minute takes a second; it begins at the given minute of an hour. */
    static FastMachine at(int minuteOfTheHour) {
        return new FastMachine(Instant.parse("2026-11-22T09:00:30Z").plus(Duration.ofMinutes(minuteOfTheHour)), 60);
    }

    /** The machine's own time. */
    static FastMachine asItIs() {
        return new FastMachine(Instant.now(), 1);
    }

    @Override
    public Instant now() {
        return begin.plusNanos((System.nanoTime() - origin) * haste);
    }

    @Override
    public Processes processes() {
        return children;
    }
}
