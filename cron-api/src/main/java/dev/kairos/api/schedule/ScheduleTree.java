package dev.kairos.api.schedule;

import dev.kairos.api.InvalidInputException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a schedule out of the plain tree that jobs.json and the stores carry. */
final class ScheduleTree {
    private static final String FORMS =
            "{\"kind\": \"cron\", \"expr\": \"0 9 * * *\"}, {\"kind\": \"interval\", \"seconds\": 3600} or"
                    + " {\"kind\": \"once\", \"run_at\": \"2027-01-15T09:00:00Z\"}, each with an optional \"timezone\"";

    private final Map<String, ?> map;

    ScheduleTree(Map<String, ?> map) {
        this.map = map;
    }

    Schedule read(ZoneId zoneWhenAbsent) {
        ZoneId zone = zone(zoneWhenAbsent);
        String kind = map.containsKey("kind") ? text("kind") : guessedKind();
        switch (kind.toLowerCase(Locale.ROOT)) {
            case "once":
                return Schedule.once(runAt(zone), zone);
            case "interval":
                return Schedule.interval(period(), zone);
            case "cron":
                return cron(zone);
            default:
                throw refused("kind", kind, "it is none of once, interval, cron");
        }
    }

    private String guessedKind() {
        if (map.containsKey("expr")) {
            return "cron";
        }
        if (map.containsKey("run_at")) {
            return "once";
        }
        if (map.containsKey("seconds") || map.containsKey("minutes")) {
            return "interval";
        }
        throw refused("kind", "", "it is missing");
    }

    private ZoneId zone(ZoneId whenAbsent) {
        if (map.get("timezone") == null) {
            return whenAbsent;
        }
        String id = text("timezone");
        try {
            return ZoneId.of(id);
        } catch (DateTimeException e) {
            throw new InvalidInputException(
                    "schedule.timezone",
                    shortened(id),
                    "it is no zone of the time zone database",
                    "write a zone as Region/City, for example \"Europe/Warsaw\", or \"UTC\"");
        }
    }

    private Schedule cron(ZoneId zone) {
        String expression = String.join(" ", text("expr").trim().split("[ \t]+"));
        if (!Schedule.hasFiveFields(expression)) {
            throw refused("expr", expression, "a cron expression has five fields");
        }
        return Schedule.cron(expression, zone);
    }

    private Duration period() {
        boolean inMinutes = !map.containsKey("seconds") && map.containsKey("minutes");
        String key = inMinutes ? "minutes" : "seconds";
        Object value = map.get(key);
        if (!(value instanceof Number)) {
            throw refused(key, value, value == null ? "it is missing" : "it is not a number");
        }
        try {
            long count = new BigDecimal(value.toString()).longValueExact();
            Duration period = inMinutes ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
            if (count >= 1 && period.compareTo(Schedule.LONGEST_PERIOD) <= 0) {
                return period;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // refused below with everything else that is no whole number in the range
        }
        throw refused(key, value, "it is not a whole number that makes 1 second to 10 years");
    }

    private Instant runAt(ZoneId zone) {
        String given = text("run_at").trim();
        String text = given.indexOf(' ') == 10 ? given.substring(0, 10) + 'T' + given.substring(11) : given;
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            var parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            if (parsed instanceof OffsetDateTime withOffset) {
                return withOffset.toInstant();
            }
            return inZone((LocalDateTime) parsed, zone);
        } catch (DateTimeException e) {
            throw refused("run_at", given, "it is not an ISO-8601 instant");
        }
    }

    /** In a gap the gap's end, in an overlap the first pass. */
    private static Instant inZone(LocalDateTime local, ZoneId zone) {
        var rules = zone.getRules();
        var transition = rules.getTransition(local);
        if (transition != null && transition.isGap()) {
            return transition.getInstant();
        }
        return ZonedDateTime.of(local, zone).withEarlierOffsetAtOverlap().toInstant();
    }

    private String text(String key) {
        Object value = map.get(key);
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw refused(key, value, value == null ? "it is missing" : "it is not a text");
    }

    private static InvalidInputException refused(String key, @Nullable Object given, String reason) {
        return new InvalidInputException(
                "schedule." + key, given == null ? "" : shortened(given.toString()), reason, "write " + FORMS);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 79) + "…";
    }
}
