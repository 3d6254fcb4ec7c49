package dev.kairos.app.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Instants and durations as people read them. Written by hand: a pattern formatter costs a cold start more than all
 * lines of a list. Safe for any thread.
 *
 * <p>Status: internal.
 */
public final class TimeText {
    private TimeText() {}

    /** {@code 2027-01-15 09:00:00+01:00}: the local time in the zone, and its offset. Whole seconds, cut. */
    public static String local(Instant instant, ZoneId zone) {
        ZonedDateTime time = instant.atZone(zone);
        StringBuilder text = new StringBuilder(26);
        text.append(time.getYear()).append('-');
        two(text, time.getMonthValue()).append('-');
        two(text, time.getDayOfMonth()).append(' ');
        two(text, time.getHour()).append(':');
        two(text, time.getMinute()).append(':');
        two(text, time.getSecond());
        ZoneOffset offset = time.getOffset();
        return text.append(offset.equals(ZoneOffset.UTC) ? "Z" : offset.getId()).toString();
    }

    /** {@code Fri 2027-01-15 09:00:00+01:00}. */
    public static String withWeekday(Instant instant, ZoneId zone) {
        String day = instant.atZone(zone).getDayOfWeek().name();
        return day.charAt(0) + day.substring(1, 3).toLowerCase(Locale.ROOT) + " " + local(instant, zone);
    }

    /** The local time with the distance from now in brackets. */
    public static String both(Instant instant, ZoneId zone, Instant now) {
        return local(instant, zone) + " (" + relative(instant, now) + ")";
    }

    /** {@code in 2h5m}, {@code 3d ago}, {@code now}. */
    public static String relative(Instant instant, Instant now) {
        Duration distance = Duration.between(now, instant);
        if (distance.abs().toMillis() < 1_000) {
            return "now";
        }
        return distance.isNegative() ? rough(distance.negated()) + " ago" : "in " + rough(distance);
    }

    /** The two largest units: {@code 45s}, {@code 1h30m}, {@code 12d}. */
    public static String rough(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1_000.0);
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + rest(seconds % 60, "s", seconds < 600);
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + rest(seconds % 3_600 / 60, "m", true);
        }
        return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3_600, "h", seconds < 10 * 86_400);
    }

    /** How long something took: {@code 12 ms}, {@code 3.4 s}, {@code 1h30m}. */
    public static String took(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis < 60_000 ? millis / 1_000 + "." + millis % 1_000 / 100 + " s" : rough(duration);
    }

    /** ISO-8601 in UTC, for machines; milliseconds at the finest. */
    public static String machine(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String rest(long count, String unit, boolean wanted) {
        return wanted && count > 0 ? count + unit : "";
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return (number < 10 ? text.append('0') : text).append(number);
    }
}
