package dev.kairos.app.command;

import dev.kairos.api.schedule.Schedule;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what was understood of a schedule: its kind, its canonical text, a sentence, the next instants. */
final class ScheduleEcho {
    private ScheduleEcho() {}

    static List<String> lines(Schedule schedule, SchedulePreview preview, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(preview.kind().word() + ": " + preview.display() + "  ["
                + schedule.zone().getId() + "]");
        lines.add(sentence(schedule, preview));
        lines.addAll(preview.notes());
        for (OffsetDateTime next : preview.next()) {
            Instant instant = next.toInstant();
            lines.add("  " + TimeText.withWeekday(instant, schedule.zone()) + "  " + TimeText.relative(instant, now));
        }
        return lines;
    }

    static Map<String, Object> tree(Schedule schedule, SchedulePreview preview) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", preview.kind().word());
        tree.put("display", preview.display());
        tree.put("timezone", schedule.zone().getId());
        tree.put("sentence", sentence(schedule, preview));
        tree.put(
                "next",
                preview.next().stream()
                        .map(time -> TimeText.machine(time.toInstant()))
                        .toList());
        tree.put("notes", preview.notes());
        return tree;
    }

    /** The describing library's sentence where it knows the expression, ours for what it refuses and for other kinds. */
    static String sentence(Schedule schedule, SchedulePreview preview) {
        return schedule.expression()
                .flatMap(CronSentence::of)
                .map(words -> words + " (" + schedule.zone().getId() + ")")
                .orElse(preview.sentence());
    }

    /** What the schedule means, in a sentence with its zone. */
    static String sentence(Schedule schedule) {
        return sentence(schedule, SchedulePreview.of(new ParsedSchedule(schedule, List.of()), Instant.EPOCH, 0));
    }
}
