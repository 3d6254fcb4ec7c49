package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a duration: {@code 90s}, {@code 1h30m}, {@code 45 minutes}, {@code 1 hour and 30 minutes}, {@code PT15M}. Scans
 * once from left to right.
 */
final class DurationWords {
    static final String ACCEPTED =
            "use whole numbers with s, m, h, d or w, larger units first, for example \"1h30m\" or \"45 minutes\"";

    private static final long TOO_LARGE = 1_000_000_000L;

    private final String given;
    private final String text;
    private int at;

    /**
     * @param given the whole schedule, for the message
     * @param text the part that is the duration
     */
    DurationWords(String given, String text) {
        this.given = given;
        this.text = text.toLowerCase(Locale.ROOT);
    }

    /** One of the unit an English word stands for, as in {@code every hour}; empty for any other word. */
    static Optional<Duration> ofUnitWord(String word) {
        switch (word) {
            case "second":
            case "minute":
            case "hour":
            case "day":
            case "week":
                return Optional.of(Duration.ofSeconds(seconds(word)));
            default:
                return Optional.empty();
        }
    }

    /** The length of a unit in seconds, 0 when it is none. */
    private static int seconds(String unit) {
        switch (unit) {
            case "s":
            case "sec":
            case "secs":
            case "second":
            case "seconds":
                return 1;
            case "m":
            case "min":
            case "mins":
            case "minute":
            case "minutes":
                return 60;
            case "h":
            case "hr":
            case "hrs":
            case "hour":
            case "hours":
                return 3_600;
            case "d":
            case "day":
            case "days":
                return 86_400;
            case "w":
            case "wk":
            case "wks":
            case "week":
            case "weeks":
                return 604_800;
            default:
                return 0;
        }
    }

    Duration read() {
        if (text.isEmpty()) {
            throw refused("the duration is missing");
        }
        long seconds = text.charAt(0) == 'p' ? iso() : compound();
        if (seconds == 0) {
            throw refused("a duration of zero never moves on");
        }
        if (seconds > Schedule.LONGEST_PERIOD.getSeconds()) {
            throw refused("it is longer than 10 years");
        }
        return Duration.ofSeconds(seconds);
    }

    private long compound() {
        long seconds = 0;
        int unitBefore = Integer.MAX_VALUE;
        while (at < text.length()) {
            long count = number();
            skipBlanks();
            int unit = unit();
            seconds += count * unit;
            if (unit >= unitBefore) {
                throw refused(
                        unit == unitBefore
                                ? "it names the same unit twice"
                                : "its units do not go from large to small");
            }
            unitBefore = unit;
            skipBlanks();
            if (text.startsWith("and", at) && (at + 3 == text.length() || text.charAt(at + 3) == ' ')) {
                at += 3;
                skipBlanks();
                if (at == text.length()) {
                    throw refused("it ends after \"and\"");
                }
            }
        }
        return seconds;
    }

    private int unit() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        String word = text.substring(start, at);
        if (word.isEmpty()) {
            throw refused(
                    at == text.length()
                            ? "the unit is missing"
                            : "\"" + text.charAt(at) + "\" stands where a unit is expected");
        }
        int unit = seconds(word);
        if (unit == 0) {
            throw unknownUnit(word);
        }
        return unit;
    }

    private InvalidScheduleException unknownUnit(String word) {
        if (word.startsWith("mo") || word.startsWith("y")) {
            return ScheduleText.refusal(
                    given,
                    "months and years have no fixed length, so \"" + word + "\" is no unit",
                    "use days, for example \"30d\", or a calendar rule, for example \"0 9 1 * *\" for the first of each"
                            + " month");
        }
        return refused("\"" + word + "\" is no unit it knows");
    }

    /** {@code P2W}, {@code P1DT2H30M10S}: each letter at most once, in this order. */
    private long iso() {
        at = 1;
        long seconds = 0;
        boolean inTime = false;
        int unitBefore = Integer.MAX_VALUE;
        while (at < text.length()) {
            if (text.charAt(at) == 't' && !inTime) {
                inTime = true;
                at++;
                if (at < text.length()) {
                    continue;
                }
                break;
            }
            long count = number();
            int unit = isoUnit(inTime);
            if (unit >= unitBefore) {
                throw refused("its units do not go from large to small");
            }
            unitBefore = unit;
            seconds += count * unit;
        }
        if (unitBefore == Integer.MAX_VALUE || text.endsWith("t")) {
            throw refused("a number and its unit are missing at the end");
        }
        return seconds;
    }

    private int isoUnit(boolean inTime) {
        if (at == text.length()) {
            throw refused("the unit is missing");
        }
        char letter = text.charAt(at++);
        boolean known = inTime ? "hms".indexOf(letter) >= 0 : "wd".indexOf(letter) >= 0;
        if (!known) {
            throw letter == 'm' || letter == 'y'
                    ? unknownUnit(letter == 'm' ? "month" : "year")
                    : refused("\"" + letter + "\" is no unit it knows");
        }
        return seconds(Character.toString(letter));
    }

    private long number() {
        int start = at;
        long number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(number * 10 + text.charAt(at) - '0', TOO_LARGE);
            at++;
        }
        char next = at < text.length() ? text.charAt(at) : ' ';
        if (at > start && (next == '.' || next == ',')) {
            throw refused("a fraction is not accepted");
        }
        if (at == start) {
            throw refused(
                    next == '-'
                            ? "a negative duration is not accepted"
                            : at == text.length()
                                    ? "a number is missing at the end"
                                    : "\"" + next + "\" stands where a number is expected");
        }
        return number;
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private InvalidScheduleException refused(String reason) {
        return ScheduleText.refusal(given, reason, ACCEPTED);
    }
}
