package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.util.List;
import java.util.Objects;

/**
 * What a text was understood as.
 *
 * @param schedule the rule
 * @param notes what a person should be told beside it, each a sentence; for example that a timestamp does not exist on
 *     its day and fires later
 *     <p>Status: experimental since 0.1.
 */
public record ParsedSchedule(Schedule schedule, List<String> notes) {
    /** Copies the notes. */
    public ParsedSchedule {
        Objects.requireNonNull(schedule, "schedule");
        notes = List.copyOf(notes);
    }
}
