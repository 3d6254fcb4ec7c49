package dev.kairos.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;

/**
 * Durations as people write them: {@code 90s}, {@code 45 minutes}, {@code 1h30m}, {@code 2d}, {@code PT15M}.
 *
 * <p>Status: experimental since 0.1.
 */
public final class DurationText {
    private static final String ACCEPTED = "write a whole number and a unit, for example 90s, 45m, 1h30m, 2d or 1w";
    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("s", 1L),
            Map.entry("sec", 1L),
            Map.entry("secs", 1L),
            Map.entry("second", 1L),
            Map.entry("seconds", 1L),
            Map.entry("m", 60L),
            Map.entry("min", 60L),
            Map.entry("mins", 60L),
            Map.entry("minute", 60L),
            Map.entry("minutes", 60L),
            Map.entry("h", 3600L),
            Map.entry("hr", 3600L),
            Map.entry("hrs", 3600L),
            Map.entry("hour", 3600L),
            Map.entry("hours", 3600L),
            Map.entry("d", 86400L),
            Map.entry("day", 86400L),
            Map.entry("days", 86400L),
            Map.entry("w", 604800L),
            Map.entry("week", 604800L),
            Map.entry("weeks", 604800L));

    private DurationText() {}

    /**
     * Reads a duration. Units descend in a compound ({@code 1h30m}); the sum lies in 0 s to 3,660 days. Time linear in
     * the text's length.
     *
     * @param where the field's name for the error
     * @throws InvalidInputException if the text is no duration
     */
    public static Duration parse(String where, String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        if (trimmed.isEmpty() || trimmed.length() > 100) {
            throw refused(where, text, "a duration is expected");
        }
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        if (trimmed.startsWith("p")) {
            return parseIso(where, text);
        }
        long total = 0;
        long previousUnit = Long.MAX_VALUE;
        int at = 0;
        while (at < trimmed.length()) {
            int digits = at;
            while (at < trimmed.length() && trimmed.charAt(at) >= '0' && trimmed.charAt(at) <= '9') {
                at++;
            }
            if (at == digits || at - digits > 9) {
                throw refused(where, text, "a whole number of at most nine digits is expected before each unit");
            }
            long count = Long.parseLong(trimmed.substring(digits, at));
            while (at < trimmed.length() && trimmed.charAt(at) == ' ') {
                at++;
            }
            int letters = at;
            while (at < trimmed.length() && Character.isLetter(trimmed.charAt(at))) {
                at++;
            }
            String name = trimmed.substring(letters, at);
            Long unit = UNITS.get(name);
            if (unit == null) {
                throw refused(where, text, name.isEmpty() ? "the unit is missing" : "unknown unit '" + name + "'");
            }
            if (unit >= previousUnit) {
                throw refused(where, text, "units must descend, like 1h30m");
            }
            previousUnit = unit;
            total += count * unit;
            while (at < trimmed.length() && trimmed.charAt(at) == ' ') {
                at++;
            }
        }
        return bounded(where, text, Duration.ofSeconds(total));
    }

    /** The shortest text that {@link #parse} reads back to the same duration; fractions in ISO-8601. */
    public static String format(Duration duration) {
        if (duration.getNano() != 0) {
            return duration.toString();
        }
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long[] sizes = {86400, 3600, 60, 1};
        String names = "dhms";
        for (int i = 0; i < sizes.length; i++) {
            long count = seconds / sizes[i];
            if (count > 0) {
                text.append(count).append(names.charAt(i));
            }
            seconds %= sizes[i];
        }
        return text.toString();
    }

    private static Duration parseIso(String where, String text) {
        try {
            Duration duration = Duration.parse(text.strip());
            if (duration.isNegative()) {
                throw refused(where, text, "a duration cannot be negative");
            }
            return bounded(where, text, duration);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw refused(where, text, "not an ISO-8601 duration");
        }
    }

    private static Duration bounded(String where, String text, Duration duration) {
        if (duration.compareTo(Duration.ofDays(3660)) > 0) {
            throw refused(where, text, "longer than ten years");
        }
        return duration;
    }

    private static InvalidInputException refused(String where, String text, String reason) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new InvalidInputException(where, shown, reason, ACCEPTED);
    }
}
