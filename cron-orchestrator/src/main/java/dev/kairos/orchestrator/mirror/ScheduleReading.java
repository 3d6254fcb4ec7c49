package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import dev.kairos.orchestrator.schedule.Schedules;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the schedule of a record: an object, or a text as people write it. */
final class ScheduleReading {
    /** What the object may hold: ours, and other tools' words for the same. */
    private static final Set<String> KEYS =
            Set.of("kind", "expr", "run_at", "seconds", "minutes", "display", "timezone", "tz");

    private final Instant now;
    private final ZoneId zone;
    private final List<String> warnings = new ArrayList<>();

    /**
     * A reading.
     *
     * @param now the present; a delay counts from the record's creation where that is known
     * @param zone the zone of a schedule that names none
     */
    ScheduleReading(Instant now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** A reading at this moment, in the zone that a job made now would get. */
    static ScheduleReading now(Environment environment, JobOperations operations) {
        ZoneId zone = ScheduleZones.resolve(Optional.empty(), operations.rules().zone(), environment.zone())
                .zone();
        return new ScheduleReading(environment.now(), zone);
    }

    ZoneId zone() {
        return zone;
    }

    /** What was odd and was read nevertheless since the last call, each a clause. */
    List<String> takeWarnings() {
        List<String> taken = List.copyOf(warnings);
        warnings.clear();
        return taken;
    }

    Schedule read(@Nullable Object given, Map<String, @Nullable Object> record) {
        ZoneId own = record.get("timezone") instanceof String name && !name.isBlank()
                ? ScheduleZones.parse(name, "timezone")
                : zone;
        Instant since = LooseInstant.read(record.get("created_at"), own)
                .filter(created -> created.isBefore(now))
                .orElse(now);
        if (given instanceof String text) {
            return ofText(text, own, since);
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw new InvalidInputException(
                    "schedule",
                    given == null ? "" : String.valueOf(given),
                    given == null ? "it is missing" : "it is neither a text nor an object",
                    "write for example \"every 2h\" or {\"kind\": \"cron\", \"expr\": \"0 9 * * *\"}");
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        map.forEach((key, value) -> tree.put(String.valueOf(key), value));
        tree.values().removeIf(value -> value == null);
        Object zoneName = tree.remove("tz");
        if (zoneName != null) {
            tree.putIfAbsent(
                    "timezone",
                    ScheduleZones.parse(String.valueOf(zoneName), "schedule.tz").getId());
        }
        tree.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .forEach(key -> warnings.add("schedule." + key + " is not known and is not kept"));
        return ofTree(tree, own, since);
    }

    private Schedule ofTree(Map<String, @Nullable Object> tree, ZoneId own, Instant since) {
        try {
            Schedule schedule = Schedule.fromMap(tree, own);
            Schedules.compile(schedule);
            return schedule;
        } catch (InvalidInputException e) {
            String text = textInside(tree);
            if (text.isBlank()) {
                throw e;
            }
            Object zoneName = tree.get("timezone");
            ZoneId in = zoneName == null ? own : ScheduleZones.parse(String.valueOf(zoneName), "schedule.timezone");
            return ofText(text, in, since);
        }
    }

    /** What a person or another tool wrote in words inside the object: a macro as expression, or nothing but the display. */
    private static String textInside(Map<String, @Nullable Object> tree) {
        if (tree.get("expr") instanceof String expression) {
            return expression;
        }
        boolean isSaidOtherwise =
                tree.containsKey("run_at") || tree.containsKey("seconds") || tree.containsKey("minutes");
        return !isSaidOtherwise && tree.get("display") instanceof String display ? display : "";
    }

    private Schedule ofText(String text, ZoneId own, Instant since) {
        try {
            return ScheduleParser.parse(text, ScheduleContext.of(since, own)).schedule();
        } catch (InvalidInputException e) {
            Optional<Instant> past = LooseInstant.read(text, own).filter(at -> at.isBefore(now));
            return past.map(at -> Schedule.once(at, own)).orElseThrow(() -> e);
        }
    }
}
