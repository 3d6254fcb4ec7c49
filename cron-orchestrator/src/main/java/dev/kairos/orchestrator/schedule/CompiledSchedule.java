package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule made ready to be asked for its instants, as often as wanted. Immutable, small, safe for any thread: keep
 * one per job rather than compile it for each question.
 *
 * <p>The answers are pure functions of the schedule and the arguments, strictly later than the base they are asked
 * for, and bounded in time for every schedule.
 *
 * <p>Status: experimental since 0.1.
 */
public final class CompiledSchedule {
    /** What {@link #nextEpochMilli} returns instead of an instant when there is none. */
    public static final long NONE = Long.MAX_VALUE;

    private final Schedule schedule;
    private final @Nullable CronEngine engine;
    /** The instant of a one-shot or the period of an interval, milliseconds. */
    private final long millis;

    private volatile @Nullable Duration shortestGap;

    CompiledSchedule(Schedule schedule, @Nullable CronEngine engine) {
        this.schedule = schedule;
        this.engine = engine;
        this.millis = schedule.every()
                .map(Duration::toMillis)
                .or(() -> schedule.runAt().map(Instant::toEpochMilli))
                .orElse(0L);
    }

    /** The rule it was made from. */
    public Schedule schedule() {
        return schedule;
    }

    /**
     * The first occurrence strictly after an instant.
     *
     * @param anchor the previous nominal instant, or the job's creation when there is none: an interval's occurrences
     *     are the anchor plus whole periods, so that they do not drift, and always later than it. Not used by the
     *     other kinds
     * @param after the base
     * @return the occurrence; empty for a one-shot that is not after the base
     */
    public Optional<Instant> next(Instant anchor, Instant after) {
        if (engine != null) {
            long next = engine.nextEpochSecond(after.getEpochSecond());
            return next == CronEngine.NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(next));
        }
        long next = nextEpochMilli(anchor.toEpochMilli(), after.toEpochMilli());
        return next == NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
    }

    /**
     * The same as {@link #next} on milliseconds since 1970-01-01T00:00Z, without an object: for a pass over many jobs.
     * Occurrences of cron expressions are whole seconds.
     *
     * @param anchor see {@link #next}
     * @param after the base
     * @return the occurrence, or {@link #NONE}
     */
    public long nextEpochMilli(long anchor, long after) {
        if (engine != null) {
            long next = engine.nextEpochSecond(Math.floorDiv(after, 1_000L));
            return next == CronEngine.NONE ? NONE : next * 1_000;
        }
        if (schedule.kind() == Schedule.Kind.ONCE) {
            return millis > after ? millis : NONE;
        }
        return after < anchor ? anchor + millis : anchor + ((after - anchor) / millis + 1) * millis;
    }

    /**
     * The time from an occurrence to its successor: the period that the misfire grace is measured by. On a day when
     * the clocks change it is the real time between the two.
     *
     * @param occurrence a nominal instant of this schedule
     * @return empty when it has no successor, as a one-shot
     */
    public Optional<Duration> periodAfter(Instant occurrence) {
        return next(occurrence, occurrence).map(successor -> Duration.between(occurrence, successor));
    }

    /**
     * The shortest time between two neighbouring occurrences by the calendar, the bound of a job's jitter. A change of
     * the clocks can make a single gap shorter.
     *
     * @return empty for a one-shot
     */
    public Optional<Duration> shortestGap() {
        if (engine == null) {
            return schedule.every();
        }
        Duration known = shortestGap;
        if (known == null) {
            known = Duration.ofMinutes(engine.fields().shortestGapMinutes());
            shortestGap = known;
        }
        return Optional.of(known);
    }

    /** The schedule's canonical text and zone, for logs. */
    @Override
    public String toString() {
        return schedule.toString();
    }
}
