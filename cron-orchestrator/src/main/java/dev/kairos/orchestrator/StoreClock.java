package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time by which nodes that share a store judge: the store's own, where it has a clock, else the machine's.
 *
 * <p>From one look to the next it runs with the machine's monotonic clock, so that whoever sets a wrong wall clock right
 * moves nothing that is judged here; a machine that slept is behind until the next look, and early never. A look tells
 * within its round trip what the store's clock shows at its end. What is shown here is kept while it lies in that span. A
 * little outside it is moved to the span's nearer end: so quick looks mend what the first ones, which are slow, left wrong.
 * Further outside it is set to the middle, or near the begin of a span that is long. A slow look makes a good reading no worse.
 *
 * <p>Thread-safe. Status: internal.
 */
public final class StoreClock {
    /** How far what is shown may be from what the store's clock may show before it is set anew. */
    static final Duration TOLERATED = Duration.ofMillis(20);

    /** Stores tell whole milliseconds. */
    private static final Duration GRAIN = Duration.ofMillis(1);

    /** How far what is shown may be ahead of the store's clock after the slowest look. */
    static final Duration MOST_AHEAD = Duration.ofMillis(500);

    /** A slower look is good for what is shown, but says nothing of a small difference. */
    private static final Duration ROUGH = Duration.ofSeconds(1);

    private final Environment machine;
    private final Supplier<Optional<Instant>> shown;
    private final Environment environment;
    private final Object lock = new Object();
    private volatile @Nullable Reading reading;
    private volatile Optional<Duration> ahead = Optional.empty();

    /** What the store's clock showed at a moment of the monotonic one. */
    private record Reading(Instant at, Duration uptime) {
        Instant after(Duration later) {
            return at.plus(later.minus(uptime));
        }
    }

    /**
     * A clock that shows the machine's time until the first look.
     *
     * @param shown asks the store what its clock shows; empty if it has none
     */
    public StoreClock(Environment machine, Supplier<Optional<Instant>> shown) {
        this.machine = machine;
        this.shown = shown;
        this.environment = new TimedEnvironment(machine, this);
    }

    /** The machine, with this clock for its wall clock. */
    public Environment environment() {
        return environment;
    }

    /** The machine as it is. */
    public Environment machine() {
        return machine;
    }

    /** What is shown now, in whole milliseconds. */
    Instant now() {
        Reading last = reading;
        return last == null ? machine.now() : last.after(machine.uptime()).truncatedTo(ChronoUnit.MILLIS);
    }

    /** How far the store's clock is ahead of the machine's, negative if behind; empty if it has none or none is known. */
    public Optional<Duration> ahead() {
        return ahead;
    }

    /**
     * Looks at the store's clock. Blocks for one round trip.
     *
     * @throws dev.kairos.api.store.StoreException if the store cannot answer
     */
    public void measure() {
        Duration begun = machine.uptime();
        Optional<Instant> answer = shown.get();
        if (answer.isPresent()) {
            Duration ended = machine.uptime();
            take(answer.get(), ended.minus(begun), ended);
        }
    }

    /** The same unless the last look is fresh. */
    public void measureIfOlderThan(Duration age) {
        Reading last = reading;
        if (last != null && machine.uptime().minus(last.uptime()).compareTo(age) >= 0) {
            measure();
        }
    }

    private void take(Instant answer, Duration roundTrip, Duration ended) {
        Duration half = roundTrip.dividedBy(2);
        Instant middle = answer.plus(half.compareTo(MOST_AHEAD) < 0 ? half : MOST_AHEAD); // rather late than early
        synchronized (lock) {
            Reading last = reading;
            Instant kept = last == null ? Instant.MIN : last.after(ended);
            Instant latest = answer.plus(roundTrip).plus(GRAIN);
            boolean isNear = !kept.isBefore(answer.minus(TOLERATED)) && !kept.isAfter(latest.plus(TOLERATED));
            Instant set = isNear ? within(answer, kept, latest) : middle;
            reading = new Reading(set, ended);
            Duration difference = Duration.between(machine.now(), set);
            if (isNear || roundTrip.compareTo(ROUGH) < 0 || difference.abs().compareTo(roundTrip) > 0) {
                ahead = Optional.of(difference);
            }
        }
    }

    private static Instant within(Instant earliest, Instant at, Instant latest) {
        return at.isBefore(earliest) ? earliest : at.isAfter(latest) ? latest : at;
    }
}
