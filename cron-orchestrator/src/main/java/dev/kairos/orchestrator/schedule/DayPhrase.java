package dev.kairos.orchestrator.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compiles {@code every monday 9am}, {@code weekdays at 9am}, {@code mon, wed and fri at 17:30} into a cron expression.
 * Scans once from left to right.
 */
final class DayPhrase {
    static final String ACCEPTED =
            "write for example \"every monday at 9am\", \"weekdays at 17:30\" or \"daily at noon\"";

    private static final int EVERY_DAY = 0x7F;
    private static final int WEEKDAYS = 0x1F;
    private static final int WEEKEND = 0x60;
    /** Bits from Monday 0 to Sunday 6, the order in which people read a week. */
    private static final Map<String, Integer> DAYS = Map.ofEntries(
            Map.entry("day", EVERY_DAY),
            Map.entry("days", EVERY_DAY),
            Map.entry("daily", EVERY_DAY),
            Map.entry("everyday", EVERY_DAY),
            Map.entry("weekday", WEEKDAYS),
            Map.entry("weekdays", WEEKDAYS),
            Map.entry("weekend", WEEKEND),
            Map.entry("weekends", WEEKEND));

    private static final List<String> NAMES =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
    private static final List<String> SHORT = List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");

    private final String given;
    private final List<String> words;
    private int at;

    /**
     * @param given the whole schedule, for the message
     * @param phrase the part to read, in lower case
     */
    DayPhrase(String given, String phrase) {
        this.given = given;
        this.words = words(phrase);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            if (c == ' ' || c == ',' || c == '&') {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                if (c != ' ') {
                    words.add(",");
                }
                start = i + 1;
            }
        }
        return words;
    }

    /** The phrase as a cron expression. */
    String toCron() {
        if (peek().equals("every") || peek().equals("each") || peek().equals("on")) {
            at++;
        }
        int days = days();
        return times() + " * * " + weekdayField(days);
    }

    /** The phrase of a time alone, as it follows {@code every 1d}, as a daily cron expression. */
    String toDailyCron() {
        return times() + " * * *";
    }

    private int days() {
        int days = day();
        while (true) {
            if (peek().equals(",")) {
                at++;
                if (peek().equals("and")) {
                    at++;
                }
            } else if (peek().equals("and")) {
                at++;
            } else {
                return days;
            }
            days |= day();
        }
    }

    private int day() {
        String word = next("a day");
        Integer group = DAYS.get(word);
        if (group != null) {
            return group;
        }
        int dash = word.indexOf('-');
        int first = weekday(dash < 0 ? word : word.substring(0, dash), word);
        if (dash >= 0) {
            return range(first, weekday(word.substring(dash + 1), word));
        }
        if (peek().equals("to") || peek().equals("through") || peek().equals("-")) {
            at++;
            String last = next("a day");
            return range(first, weekday(last, last));
        }
        return 1 << first;
    }

    /** Unlike a cron range it may run over the end of the week: friday to monday. */
    private static int range(int first, int last) {
        int days = 0;
        for (int day = first; day != last; day = (day + 1) % 7) {
            days |= 1 << day;
        }
        return days | 1 << last;
    }

    private int weekday(String name, String word) {
        String singular = name.length() > 6 && name.endsWith("days") ? name.substring(0, name.length() - 1) : name;
        for (int day = 0; day < 7; day++) {
            String full = NAMES.get(day);
            boolean shortened = singular.length() >= 3 && singular.length() <= 5 && full.startsWith(singular);
            if (full.equals(singular) || shortened) {
                return day;
            }
        }
        throw ScheduleText.refusal(given, "\"" + word + "\" is not understood", ScheduleText.FORMS);
    }

    private String times() {
        if (peek().equals("at") || peek().equals("@")) {
            at++;
        }
        if (at == words.size()) {
            throw refused("it does not say at what time");
        }
        var hours = new TreeSet<Integer>();
        int minute = -1;
        while (true) {
            int time = time();
            if (minute >= 0 && minute != time % 60) {
                throw ScheduleText.refusal(
                        given,
                        "its times differ in their minutes, which one expression cannot say",
                        "make two jobs, or use times with the same minutes, for example \"daily at 9:30 and 17:30\"");
            }
            minute = time % 60;
            hours.add(time / 60);
            if (at == words.size()) {
                return minute + " " + joined(hours);
            }
            if (!peek().equals(",") && !peek().equals("and")) {
                throw refused("\"" + peek() + "\" is not understood after the time");
            }
            at++;
            if (peek().equals("and")) {
                at++;
            }
            if (peek().equals("at")) {
                at++;
            }
        }
    }

    private static String joined(TreeSet<Integer> hours) {
        var text = new StringBuilder();
        for (int hour : hours) {
            text.append(text.length() == 0 ? "" : ",").append(hour);
        }
        return text.toString();
    }

    /** Minutes since midnight. */
    private int time() {
        String word = next("a time");
        if (word.equals("noon")) {
            return 720;
        }
        if (word.equals("midnight")) {
            return 0;
        }
        boolean apart = peek().equals("am") || peek().equals("pm");
        String full = apart ? word + words.get(at++) : word;
        return new ClockText(given, full).read();
    }

    private static String weekdayField(int days) {
        if (days == EVERY_DAY) {
            return "*";
        }
        var text = new StringBuilder();
        for (int day = 0; day < 7; day++) {
            if ((days >> day & 1) == 0) {
                continue;
            }
            int last = day;
            // Never up to Sunday: as the end of a range other crons read it as 0.
            while (last < 5 && (days >> last + 1 & 1) != 0) {
                last++;
            }
            if (last - day < 2) {
                last = day;
            }
            text.append(text.length() == 0 ? "" : ",").append(SHORT.get(day));
            if (last > day) {
                text.append('-').append(SHORT.get(last));
            }
            day = last;
        }
        return text.toString();
    }

    private String peek() {
        return at < words.size() ? words.get(at) : "";
    }

    private String next(String what) {
        if (at == words.size() || words.get(at).equals(",")) {
            throw refused(what + " is missing" + (at == words.size() ? " at the end" : " before a comma"));
        }
        return words.get(at++);
    }

    private InvalidScheduleException refused(String reason) {
        return ScheduleText.refusal(given, reason, ACCEPTED);
    }
}
