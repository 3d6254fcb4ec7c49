package dev.kairos.orchestrator.plan;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import dev.kairos.orchestrator.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A job's instants: its schedule's nominal instants, and the same with the job's stable jitter. Pure but for a bounded
 * cache of compiled schedules; safe for any thread.
 *
 * <p>Status: internal.
 */
public final class Timetable {
    private static final int CACHED = 20_000;

    private final Map<Schedule, CompiledSchedule> compiled = new ConcurrentHashMap<>();

    /** The compiled form of the definition's schedule. */
    public CompiledSchedule compiled(JobDefinition definition) {
        Schedule schedule = definition.schedule();
        CompiledSchedule known = compiled.get(schedule);
        if (known == null) {
            if (compiled.size() >= CACHED) {
                compiled.clear();
            }
            known = Schedules.compile(schedule);
            compiled.put(schedule, known);
        }
        return known;
    }

    /**
     * The first nominal instant strictly after {@code after}.
     *
     * @param anchor the previous nominal instant; without one an interval counts from {@code after}
     */
    public Optional<Instant> next(JobDefinition definition, Optional<Instant> anchor, Instant after) {
        return compiled(definition).next(anchor.orElse(after), after);
    }

    /** The nominal instant plus the job's stable jitter. */
    public Instant dueAt(String jobId, JobDefinition definition, Instant nominal) {
        return nominal.plus(jitterOf(jobId, definition));
    }

    /** The job's stable offset: in [0, jitter), at most half the schedule's shortest gap, from the job's id alone. */
    public Duration jitterOf(String jobId, JobDefinition definition) {
        Duration jitter = definition.get(JobField.JITTER, Duration.ZERO);
        if (jitter.isZero()) {
            return Duration.ZERO;
        }
        long bound = jitter.toMillis();
        Optional<Duration> gap = compiled(definition).shortestGap();
        if (gap.isPresent()) {
            bound = Math.min(bound, gap.get().toMillis() / 2);
        }
        return bound <= 0 ? Duration.ZERO : Duration.ofMillis(Math.floorMod(hash(jobId), bound));
    }

    /**
     * The job's engine state with its next instant computed anew: strictly after {@code after}, an interval counted from
     * the last occurrence used up. A one-shot keeps its instant, past or not, until it was used up. Counters stay.
     */
    public EngineState arm(Job job, Instant after) {
        EngineState engine = job.engine();
        JobDefinition definition = job.definition();
        EngineState.Builder armed = engine.toBuilder();
        Optional<Instant> next;
        try {
            next = isUsedUp(job) ? Optional.empty() : nextOf(definition, engine.lastScheduledAt(), after);
        } catch (InvalidInputException | IllegalStateException e) {
            return armed.next(Optional.empty(), Optional.empty())
                    .state(JobState.ERROR)
                    .lastRun(engine.lastRun())
                    .build();
        }
        boolean enabled = definition.isEnabled();
        armed.next(next, enabled ? next.map(nominal -> dueAt(job.id(), definition, nominal)) : Optional.empty());
        boolean open = engine.state() == JobState.RUNNING;
        if (!enabled) {
            armed.state(JobState.PAUSED);
        } else if (open) {
            armed.state(JobState.RUNNING);
        } else {
            armed.state(next.isPresent() ? JobState.SCHEDULED : JobState.COMPLETED);
        }
        return armed.build();
    }

    /** Whether it runs once; a definition without a schedule, which was set aside, does not run at all. */
    static boolean isOneShot(JobDefinition definition) {
        return definition
                .get(JobField.SCHEDULE)
                .filter(schedule -> schedule.kind() == Schedule.Kind.ONCE)
                .isPresent();
    }

    /** Whether the repeat count is used up, or the one-shot was. */
    public boolean isUsedUp(Job job) {
        JobDefinition definition = job.definition();
        if (definition.get(JobField.REPEAT, Integer.MAX_VALUE) <= job.engine().completedCount()) {
            return true;
        }
        return definition
                .schedule()
                .runAt()
                .map(at -> job.engine()
                        .lastScheduledAt()
                        .filter(last -> !last.isBefore(at))
                        .isPresent())
                .orElse(false);
    }

    private Optional<Instant> nextOf(JobDefinition definition, Optional<Instant> anchor, Instant after) {
        Optional<Instant> once = definition.schedule().runAt();
        return once.isPresent() ? once : next(definition, anchor, after);
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return hash * 0x9e3779b97f4a7c15L >>> 1;
    }
}
