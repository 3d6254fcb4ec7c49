package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a person is told when a schedule is accepted.
 *
 * @param kind once, interval or cron
 * @param display the canonical text, which the parser accepts again
 * @param sentence the rule in plain words, with its zone
 * @param next the next instants in the schedule's zone, each with its offset; fewer when there are no more
 * @param notes what else to know about the text that was given, each a sentence
 *     <p>Status: experimental since 0.1.
 */
public record SchedulePreview(
        Schedule.Kind kind, String display, String sentence, List<OffsetDateTime> next, List<String> notes) {
    /** Copies the lists. */
    public SchedulePreview {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(display, "display");
        Objects.requireNonNull(sentence, "sentence");
        next = List.copyOf(next);
        notes = List.copyOf(notes);
    }

    /**
     * The preview of a schedule.
     *
     * @param parsed the schedule and its notes
     * @param from the base: every instant shown is later; an interval counts from it
     * @param count how many instants at most, zero or more
     */
    public static SchedulePreview of(ParsedSchedule parsed, Instant from, int count) {
        Schedule schedule = parsed.schedule();
        return new SchedulePreview(
                schedule.kind(),
                schedule.display(),
                ScheduleWords.sentence(schedule),
                next(schedule, from, count),
                parsed.notes());
    }

    /**
     * The preview of a job's schedule, which goes on from where the job stands.
     *
     * @param first the job's next instant; none when it is never due again
     * @param count how many instants at most, zero or more
     */
    public static SchedulePreview standing(ParsedSchedule parsed, Optional<Instant> first, int count) {
        Schedule schedule = parsed.schedule();
        return new SchedulePreview(
                schedule.kind(),
                schedule.display(),
                ScheduleWords.sentence(schedule),
                from(schedule, Schedules.compile(schedule), first, count),
                parsed.notes());
    }

    private static List<OffsetDateTime> next(Schedule schedule, Instant from, int count) {
        CompiledSchedule compiled = Schedules.compile(schedule);
        return from(schedule, compiled, compiled.next(from, from), count);
    }

    private static List<OffsetDateTime> from(
            Schedule schedule, CompiledSchedule compiled, Optional<Instant> first, int count) {
        List<OffsetDateTime> instants = new ArrayList<>();
        Optional<Instant> next = first;
        while (instants.size() < count && next.isPresent()) {
            Instant instant = next.get();
            instants.add(instant.atZone(schedule.zone()).toOffsetDateTime());
            next = compiled.next(instant, instant);
        }
        return instants;
    }
}
