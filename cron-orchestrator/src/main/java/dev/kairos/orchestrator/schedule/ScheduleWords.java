package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A schedule in plain words.
 *
 * <p>Status: experimental since 0.1.
 */
final class ScheduleWords {
    private static final DateTimeFormatter ONCE =
            DateTimeFormatter.ofPattern("EEEE d MMMM uuuu 'at' HH:mm:ss", Locale.ENGLISH);

    private ScheduleWords() {}

    /**
     * One sentence with the zone and a full stop, for example {@code At 09:00, Monday to Friday (Europe/Warsaw).}
     *
     * @throws InvalidScheduleException when the expression of a cron schedule is not valid
     */
    public static String sentence(Schedule schedule) {
        String zone = " (" + schedule.zone().getId() + ").";
        switch (schedule.kind()) {
            case ONCE:
                return once(schedule.runAt().orElseThrow(), schedule.zone()) + zone;
            case INTERVAL:
                return "Every " + period(schedule.every().orElseThrow()) + ".";
            default:
                return new CronWords(CronText.read(schedule.expression().orElseThrow())
                                        .text())
                                .sentence()
                        + zone;
        }
    }

    private static String once(Instant runAt, ZoneId zone) {
        String text = ONCE.format(runAt.atZone(zone));
        return "Once, on " + (text.endsWith(":00") ? text.substring(0, text.length() - 3) : text);
    }

    private static String period(Duration every) {
        long seconds = every.getSeconds();
        List<String> parts = new ArrayList<>();
        if (seconds % 604_800 == 0) {
            add(parts, seconds / 604_800, "week");
            return seconds == 604_800 ? "week" : parts.get(0);
        }
        add(parts, every.toDays(), "day");
        add(parts, every.toHoursPart(), "hour");
        add(parts, every.toMinutesPart(), "minute");
        add(parts, every.toSecondsPart(), "second");
        return parts.size() == 1 && parts.get(0).startsWith("1 ") ? parts.get(0).substring(2) : joined(parts);
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String joined(List<String> parts) {
        int last = parts.size() - 1;
        return last < 1
                ? String.join("", parts)
                : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }
}
