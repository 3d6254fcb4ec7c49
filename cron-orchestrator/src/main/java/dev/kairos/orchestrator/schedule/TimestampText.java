package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads {@code 2027-01-15}, {@code 2027-01-15 09:00}, {@code 2027-01-15T09:00:00.250+05:30}. Scans once from left to
 * right.
 */
final class TimestampText {
    private static final String ACCEPTED =
            "write for example \"2027-01-15T09:00:00\", \"2027-01-15 09:00\", \"2027-01-15T09:00:00Z\" or"
                    + " \"2027-01-15T09:00:00+05:30\"";
    /** How late a one-shot may already be when it is written down. */
    private static final long TOLERATED_SECONDS = 120;

    private final String given;
    private final String text;
    private int at;

    TimestampText(String given, String text) {
        this.given = given;
        this.text = text;
    }

    /** Four digits and a hyphen (or a slash, to be told to write a hyphen): nothing else begins like that. */
    static boolean looksLike(String text) {
        return text.length() > 4
                && isDigit(text.charAt(0))
                && isDigit(text.charAt(1))
                && isDigit(text.charAt(2))
                && isDigit(text.charAt(3))
                && (text.charAt(4) == '-' || text.charAt(4) == '/');
    }

    ParsedSchedule read(ZoneId zone, Instant now) {
        LocalDate date = date();
        LocalTime time = LocalTime.MIDNIGHT;
        List<String> notes = new ArrayList<>();
        Instant runAt;
        if (at < text.length()) {
            separator();
            time = time();
        }
        if (at < text.length()) {
            runAt = date.atTime(time).toInstant(offset());
        } else {
            runAt = inZone(date.atTime(time), zone, notes);
        }
        if (runAt.isBefore(now.minusSeconds(TOLERATED_SECONDS))) {
            throw ScheduleText.refusal(
                    given,
                    "it is in the past: it is now " + Moments.minute(now, zone),
                    "write an instant that is still to come, or a delay, for example \"in 30m\"");
        }
        return new ParsedSchedule(Schedule.once(runAt, zone), notes);
    }

    private static Instant inZone(LocalDateTime local, ZoneId zone, List<String> notes) {
        var transition = zone.getRules().getTransition(local);
        if (transition == null) {
            return local.atZone(zone).toInstant();
        }
        if (transition.isGap()) {
            notes.add("The clocks in " + zone.getId() + " skip " + Moments.clock(local.toLocalTime())
                    + " on that day; it fires at " + Moments.minute(transition.getInstant(), zone) + ".");
            return transition.getInstant();
        }
        Instant first =
                ZonedDateTime.of(local, zone).withEarlierOffsetAtOverlap().toInstant();
        notes.add("The clocks in " + zone.getId() + " show " + Moments.clock(local.toLocalTime())
                + " twice on that day; it fires at the first, " + Moments.minute(first, zone) + ".");
        return first;
    }

    private LocalDate date() {
        int year = digits(4, "year");
        expect('-');
        int month = digits(2, "month");
        expect('-');
        int day = digits(2, "day");
        if (year == 0) {
            throw refused("there is no year 0");
        }
        if (month < 1 || month > 12) {
            throw refused("month " + month + " is out of range: 1 to 12");
        }
        int length = Months.length(year, month);
        if (day < 1 || day > length) {
            throw refused("day " + day + " is out of range: "
                    + Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + year + " has " + length
                    + " days");
        }
        return LocalDate.of(year, month, day);
    }

    private void separator() {
        char c = text.charAt(at);
        if (c != 'T' && c != 't' && c != ' ') {
            throw refused("\"" + c + "\" stands where T or a blank is expected");
        }
        at++;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private LocalTime time() {
        int hour = digits(2, "hour");
        expect(':');
        int minute = digits(2, "minute");
        int second = 0;
        int nanos = 0;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            second = digits(2, "second");
            if (at < text.length() && text.charAt(at) == '.') {
                nanos = fraction();
            }
        }
        if (hour > 23) {
            throw refused("hour " + hour + " is out of range: 0 to 23");
        }
        if (minute > 59) {
            throw refused("minute " + minute + " is out of range: 0 to 59");
        }
        if (second > 59) {
            throw refused("second " + second + " is out of range: 0 to 59");
        }
        return LocalTime.of(hour, minute, second, nanos);
    }

    private int fraction() {
        at++;
        int start = at;
        int nanos = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && at - start < 9) {
            nanos = nanos * 10 + text.charAt(at++) - '0';
        }
        if (at == start) {
            throw refused("the digits after the point are missing");
        }
        for (int i = at - start; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** {@code Z}, {@code +05:30}, {@code +0530}, {@code +05}, after an optional blank. */
    private ZoneOffset offset() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        char sign = text.charAt(at++);
        if (sign == 'Z' || sign == 'z') {
            expectEnd();
            return ZoneOffset.UTC;
        }
        if (sign != '+' && sign != '-') {
            throw refused("\"" + text.substring(at - 1) + "\" is no offset");
        }
        int hours = digits(2, "offset's hour");
        int minutes = 0;
        if (at < text.length()) {
            if (text.charAt(at) == ':') {
                at++;
            }
            minutes = digits(2, "offset's minute");
        }
        expectEnd();
        if (hours > 18 || minutes > 59 || hours == 18 && minutes > 0) {
            throw refused("the offset is out of range: -18:00 to +18:00");
        }
        int seconds = hours * 3_600 + minutes * 60;
        return ZoneOffset.ofTotalSeconds(sign == '-' ? -seconds : seconds);
    }

    private int digits(int count, String what) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            if (at == text.length() || !isDigit(text.charAt(at))) {
                throw refused("the " + what + " needs " + count + " digits");
            }
            number = number * 10 + text.charAt(at++) - '0';
        }
        return number;
    }

    private void expect(char c) {
        if (at == text.length() || text.charAt(at) != c) {
            throw refused(
                    at == text.length()
                            ? "it ends before \"" + c + "\""
                            : "\"" + text.charAt(at) + "\" stands where \"" + c + "\" is expected");
        }
        at++;
    }

    private void expectEnd() {
        if (at < text.length()) {
            throw refused("\"" + text.substring(at) + "\" is left over at the end");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private InvalidScheduleException refused(String reason) {
        return ScheduleText.refusal(given, reason, ACCEPTED);
    }
}
