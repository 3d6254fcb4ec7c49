package dev.kairos.orchestrator.schedule;

import java.util.Locale;

/**
 * Reads one field, in any case: a comma list of stars, values, ranges, steps and the day specials. Scans once from left
 * to right.
 */
final class CronFieldText {
    private static final int TOO_LARGE = 100_000;

    private final CronField field;
    private final String given;
    private final String text;
    private final CronMasks masks;
    private int at;
    private long bits;

    CronFieldText(CronField field, String given, CronMasks masks) {
        this.field = field;
        this.given = given;
        this.text = given.toUpperCase(Locale.ROOT);
        this.masks = masks;
    }

    /** Reads the field into the masks and appends its canonical text. */
    void read(StringBuilder canonical) {
        boolean star = text.charAt(0) == '*' || text.charAt(0) == '?';
        while (true) {
            readItem(canonical);
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != ',') {
                throw field.refusal(given, "\"" + given.charAt(at) + "\" is not understood here");
            }
            at++;
            canonical.append(',');
        }
        store(star);
    }

    private void store(boolean star) {
        switch (field) {
            case MINUTE:
                masks.minutes = bits;
                masks.minuteStar = star;
                break;
            case HOUR:
                masks.hours = (int) bits;
                masks.hourStar = star;
                break;
            case DAY:
                masks.days = (int) bits;
                masks.dayStar = star;
                break;
            case MONTH:
                masks.months = (int) bits;
                break;
            default:
                masks.weekdays = (int) ((bits | bits >> 7) & 0x7F);
                masks.weekdayStar = star;
        }
    }

    private void readItem(StringBuilder canonical) {
        if (at == text.length() || text.charAt(at) == ',') {
            throw field.refusal(given, "a list has an empty place");
        }
        char c = text.charAt(at);
        if (c == '*') {
            at++;
            canonical.append('*');
            addStepped(field.min(), field.max(), canonical);
        } else if (c == '?') {
            readQuestionMark(canonical);
        } else if (field == CronField.DAY && c == 'L') {
            readLastDay(canonical);
        } else {
            readValue(canonical);
        }
    }

    private void readQuestionMark(StringBuilder canonical) {
        if (field != CronField.DAY && field != CronField.WEEKDAY) {
            throw field.refusal(given, "? stands only in the day fields");
        }
        if (text.length() > 1) {
            throw field.refusal(given, "? stands alone in its field");
        }
        at++;
        canonical.append('*');
        addRange(field.min(), field.max(), 1);
    }

    /** {@code L}, {@code L-3}, {@code LW}. */
    private void readLastDay(StringBuilder canonical) {
        at++;
        canonical.append('L');
        if (take('W')) {
            canonical.append('W');
            masks.lastWorkday = true;
        } else if (take('-')) {
            int before = number();
            if (before > 30) {
                throw field.refusal(given, "L-" + shown(before) + " is before the first day of every month");
            }
            canonical.append('-').append(before);
            masks.daysBeforeLast |= 1 << before;
        } else {
            masks.daysBeforeLast |= 1;
        }
    }

    private void readValue(StringBuilder canonical) {
        int start = at;
        int value = value();
        if (field == CronField.DAY && take('W')) {
            masks.nearestWorkdays |= 1 << value;
            canonical.append(value).append('W');
        } else if (field == CronField.WEEKDAY && at < text.length() && text.charAt(at) == 'L') {
            at++;
            masks.lastWeekdays |= 1 << value % 7;
            canonical.append(shown(start, at - 1, value)).append('L');
        } else if (field == CronField.WEEKDAY && at < text.length() && text.charAt(at) == '#') {
            readNth(start, value, canonical);
        } else if (take('-')) {
            readRange(start, value, canonical);
        } else if (at < text.length() && text.charAt(at) == '/') {
            canonical.append(shown(start, at, value)).append('-').append(field.max());
            addStepped(value, field.max(), canonical);
        } else {
            canonical.append(shown(start, at, value));
            addRange(value, value, 1);
        }
    }

    private void readNth(int start, int weekday, StringBuilder canonical) {
        String day = shown(start, at, weekday);
        at++;
        int nth = number();
        if (nth < 1 || nth > 5) {
            throw field.refusal(given, "#" + shown(nth) + " is out of range: a month has a first to a fifth week");
        }
        masks.nthWeekdays |= 1L << nth * 7 + weekday % 7;
        canonical.append(day).append('#').append(nth);
    }

    private void readRange(int start, int low, StringBuilder canonical) {
        int dash = at - 1;
        int high = value();
        boolean toSunday = field == CronField.WEEKDAY && high == 0 && low > 0 && text.charAt(dash + 1) == 'S';
        if (toSunday) {
            canonical.append(low).append("-7");
            high = 7;
        } else {
            canonical.append(shown(start, dash, low)).append('-').append(shown(dash + 1, at, high));
        }
        if (low > high) {
            throw field.refusal(given, "the range " + given.substring(start, at) + " runs backwards");
        }
        addStepped(low, high, canonical);
    }

    /** What follows a star, a range or a value with a slash: an optional step. */
    private void addStepped(int low, int high, StringBuilder canonical) {
        int step = 1;
        if (take('/')) {
            step = number();
            if (step == 0) {
                throw field.refusal(given, "a step of 0 never moves on");
            }
            canonical.append('/').append(step);
        }
        addRange(low, high, step);
    }

    private void addRange(int low, int high, int step) {
        for (int value = low; value <= high; value += step) {
            bits |= 1L << value;
        }
    }

    private int value() {
        int start = at;
        int value = at < text.length() && isLetter(text.charAt(at)) ? name() : number();
        if (value < field.min() || value > field.max()) {
            throw field.refusal(
                    given, given.substring(start, at) + " is out of range: " + field.min() + " to " + field.max());
        }
        return value;
    }

    private int name() {
        int start = at;
        while (at < text.length() && isLetter(text.charAt(at)) && at - start < 3) {
            at++;
        }
        int value = field.number(text.substring(start, at));
        boolean tail = at < text.length() && isLetter(text.charAt(at));
        if (value < 0 || tail && !(field == CronField.WEEKDAY && text.charAt(at) == 'L')) {
            while (at < text.length() && isLetter(text.charAt(at))) {
                at++;
            }
            throw field.refusal(given, field.unknownName(given.substring(start, at)));
        }
        return value;
    }

    /** A number of ASCII digits; a very large one is kept large enough to be out of every range. */
    private int number() {
        int start = at;
        int number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(number * 10 + text.charAt(at) - '0', TOO_LARGE);
            at++;
        }
        if (at == start) {
            throw field.refusal(
                    text,
                    at == text.length()
                            ? "a number is missing at the end"
                            : "\"" + given.charAt(at) + "\" stands where a number is expected");
        }
        return number;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** A value as it was written, without leading zeros. */
    private String shown(int start, int end, int value) {
        return isLetter(text.charAt(start)) ? text.substring(start, end) : Integer.toString(value);
    }

    private static String shown(int number) {
        return number == TOO_LARGE ? "..." : Integer.toString(number);
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
