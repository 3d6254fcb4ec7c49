package dev.kairos.orchestrator.mirror;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.EngineState.LastRun;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a record says about where its job stands: a courtesy copy on the way out, taken over once when a file is imported
 * and ignored ever after.
 */
final class EngineFields {
    /** Keys that are no definition, other tools' words for them included. */
    static final Set<String> KEYS = Set.of(
            "id",
            "version",
            "state",
            "next_run_at",
            "next_run",
            "last_run_at",
            "last_run",
            "last_status",
            "last_error",
            "last_delivery_status",
            "last_delivery_error",
            "last_delivery_retry",
            "last_duration_ms",
            "run_count",
            "failure_streak");

    private final Map<String, @Nullable Object> raw;
    private final ZoneId zone;

    EngineFields(Map<String, @Nullable Object> raw, ZoneId zone) {
        this.raw = raw;
        this.zone = zone;
    }

    /** Writes the courtesy copy behind a record's definition. */
    static void write(Job job, Map<String, @Nullable Object> record) {
        EngineState engine = job.engine();
        LastRun last = engine.lastRun();
        record.put("state", engine.state().word());
        record.put("next_run_at", text(engine.nextRunAt()));
        record.put("last_run_at", text(last.at()));
        record.put("last_status", last.status().orElse(null));
        record.put("last_error", last.error().orElse(null));
        record.put("last_delivery_status", last.deliveryStatus().orElse(null));
        record.put("last_delivery_error", last.deliveryError().orElse(null));
        record.put("last_duration_ms", last.took().map(Duration::toMillis).orElse(null));
        record.put("run_count", engine.runCount());
        record.put("failure_streak", engine.failureStreak());
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    /** Whether the record says that its job is paused, in the words of a tool that has no {@code enabled}. */
    boolean saysPaused() {
        return raw.get("enabled") == null && stateWord().equals("paused");
    }

    /** The instant that the record calls next. */
    Optional<Instant> next() {
        return LooseInstant.read(raw.get("next_run_at") == null ? raw.get("next_run") : raw.get("next_run_at"), zone);
    }

    /**
     * The definition with the instant that the record calls next, where it is a one-shot: a delay says only how long
     * after an instant that nobody wrote down, and an instant that was put off stands only there.
     */
    JobDefinition atItsInstant(JobDefinition definition) {
        Schedule schedule = definition.schedule();
        return next().filter(at -> schedule.runAt().isPresent())
                .map(at -> definition.toBuilder()
                        .set(JobField.SCHEDULE, Schedule.once(at, schedule.zone()))
                        .build())
                .orElse(definition);
    }

    /** Whether the record says that its job has ended: in words, by its count, or as a one-shot that ran. */
    boolean saysCompleted(JobDefinition definition) {
        int counted = completedCount();
        boolean isUsedUp = definition.get(JobField.REPEAT, Integer.MAX_VALUE) <= counted;
        Optional<Instant> once = definition.schedule().runAt();
        boolean hasRun = once.isPresent()
                && (counted > 0
                        || lastRunAt().filter(at -> !at.isBefore(once.get())).isPresent());
        return isUsedUp || hasRun || stateWord().equals("completed");
    }

    /**
     * The state of the engine as the record has it: a past next instant is kept, so that it is a misfire, and a future one
     * is the first occurrence.
     */
    EngineState adopted(String id, JobDefinition definition, Timetable timetable, Instant now) {
        EngineState counted = counters();
        if (saysCompleted(definition)) {
            return counted.toBuilder()
                    .state(JobState.COMPLETED)
                    .completedCount(Math.max(
                            counted.completedCount(),
                            definition.schedule().runAt().isPresent() ? 1 : 0))
                    .lastScheduledAt(definition.schedule().runAt())
                    .build();
        }
        EngineState armed = timetable.arm(new Job(id, definition, 1, counted), now);
        Optional<Instant> once = definition.schedule().runAt();
        Optional<Instant> next = once.isPresent() ? once : next().or(armed::nextRunAt);
        Optional<Instant> due =
                definition.isEnabled() ? next.map(at -> timetable.dueAt(id, definition, at)) : Optional.empty();
        return armed.toBuilder().next(next, due).build();
    }

    /** Counters and the last run, nothing about what is next. */
    EngineState counters() {
        LastRun last = LastRun.NONE.toBuilder()
                .at(lastRunAt())
                .status(word("last_status"))
                .error(word("last_error"))
                .deliveryStatus(word("last_delivery_status"))
                .deliveryError(word("last_delivery_error"))
                .took(number("last_duration_ms").map(Duration::ofMillis))
                .build();
        return EngineState.fresh().toBuilder()
                .completedCount(completedCount())
                .runCount(number("run_count").orElse(0L))
                .failureStreak(small(number("failure_streak").orElse(0L)))
                .lastRun(last)
                .build();
    }

    private int completedCount() {
        Object repeat = raw.get("repeat");
        Object completed = repeat instanceof Map<?, ?> map ? map.get("completed") : null;
        return small(whole(completed).orElse(0L));
    }

    private Optional<Instant> lastRunAt() {
        return LooseInstant.read(raw.get("last_run_at") == null ? raw.get("last_run") : raw.get("last_run_at"), zone);
    }

    private String stateWord() {
        return word("state").map(text -> text.toLowerCase(Locale.ROOT)).orElse("");
    }

    private Optional<String> word(String key) {
        return raw.get(key) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    private Optional<Long> number(String key) {
        return whole(raw.get(key));
    }

    private static Optional<Long> whole(@Nullable Object value) {
        return value instanceof Number number && number.longValue() >= 0
                ? Optional.of(number.longValue())
                : Optional.empty();
    }

    private static int small(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
