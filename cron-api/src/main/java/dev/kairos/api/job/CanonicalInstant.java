package dev.kairos.api.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Reads instants as {@link Instant#toString} writes them. Every stored definition holds one, and in a process that has just
 * started the general parser costs as much as all the rest of a definition.
 */
final class CanonicalInstant {
    private static final int SHORTEST = "2027-01-15T09:00:00Z".length();
    private static final int LONGEST = "2027-01-15T09:00:00.123456789Z".length();
    /** The place of the dot before the fraction, or of the Z. */
    private static final int END_OF_SECONDS = SHORTEST - 1;

    private CanonicalInstant() {}

    /** Empty for every other way to write an instant, and for what is none. */
    static Optional<Instant> read(String text) {
        if (!hasShape(text)) {
            return Optional.empty();
        }
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, END_OF_SECONDS);
        int nanos = nanos(text);
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        if (year < 0 || month < 0 || day < 0 || nanos < 0 || !isTime(hour, minute, second)) {
            return Optional.empty();
        }
        try {
            long midnight = LocalDate.of(year, month, day).toEpochDay() * 86_400;
            return Optional.of(Instant.ofEpochSecond(midnight + hour * 3_600L + minute * 60L + second, nanos));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isTime(int hour, int minute, int second) {
        return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    }

    private static boolean hasShape(String text) {
        int length = text.length();
        return length >= SHORTEST
                && length <= LONGEST
                && length != SHORTEST + 1
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (length == SHORTEST || text.charAt(END_OF_SECONDS) == '.')
                && text.charAt(length - 1) == 'Z';
    }

    private static int nanos(String text) {
        int from = END_OF_SECONDS + 1;
        int to = text.length() - 1;
        if (to < from) {
            return 0;
        }
        int fraction = digits(text, from, to);
        for (int place = to - from; place < 9 && fraction > 0; place++) {
            fraction *= 10;
        }
        return fraction;
    }

    /** -1 if one of them is none. */
    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
