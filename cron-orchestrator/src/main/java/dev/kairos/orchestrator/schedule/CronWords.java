package dev.kairos.orchestrator.schedule;

import java.util.ArrayList;
import java.util.List;

/** An expression of canonical text in plain words: the clock here, the calendar in {@link CronDateWords}. */
final class CronWords {
    /** More clock times than this are told as minutes of hours. */
    private static final int MOST_TIMES = 6;

    private final List<String> fields;
    private final String minute;
    private final String hour;

    CronWords(String canonical) {
        this.fields = CronText.tokens(canonical);
        this.minute = fields.get(0);
        this.hour = fields.get(1);
    }

    /** Without zone and full stop. */
    String sentence() {
        String date = new CronDateWords(fields.get(2), fields.get(3), fields.get(4)).words();
        List<String> times = clockTimes();
        if (!times.isEmpty()) {
            return "At " + ScheduleWords.joined(times) + " " + (date.isEmpty() ? "every day" : date);
        }
        if (hour.equals("*")) {
            return everyHour() + (date.isEmpty() ? "" : ", " + date);
        }
        return minutesOfHours() + ", " + (date.isEmpty() ? "every day" : date);
    }

    private List<String> clockTimes() {
        List<String> times = new ArrayList<>();
        if (!isPlainList(minute) || !isPlainList(hour)) {
            return times;
        }
        for (String h : split(hour)) {
            for (String m : split(minute)) {
                times.add(twoDigits(h) + ":" + twoDigits(m));
            }
        }
        List<String> sorted = times.stream().distinct().sorted().toList();
        return sorted.size() <= MOST_TIMES ? sorted : List.of();
    }

    private String everyHour() {
        if (minute.equals("0")) {
            return "Every hour";
        }
        return repeatsMinutes() ? everyMinutes() : "Every hour at " + minutes();
    }

    private String minutesOfHours() {
        if (isStarStep(hour)) {
            String step = hour.substring(2);
            if (minute.equals("0")) {
                return "Every " + (step.equals("1") ? "hour" : step + " hours") + " from midnight";
            }
            return minutesOf() + "every " + (step.equals("1") ? "" : ordinalWord(step) + " ") + "hour from midnight";
        }
        if (isPlain(hour)) {
            return (repeatsMinutes() ? everyMinutes() : "At " + minutes()) + hours(hour, hour);
        }
        if (isRange(hour)) {
            String first = hour.substring(0, hour.indexOf('-'));
            String last = hour.substring(hour.indexOf('-') + 1);
            if (minute.equals("0")) {
                return "Every hour from " + twoDigits(first) + ":00 to " + twoDigits(last) + ":00";
            }
            return (repeatsMinutes() ? everyMinutes() : "At " + minutes() + " of every hour") + hours(first, last);
        }
        return minutesOf() + "the hours " + numbers(hour);
    }

    private static String hours(String first, String last) {
        return " from " + twoDigits(first) + ":00 to " + twoDigits(last) + ":59";
    }

    private boolean repeatsMinutes() {
        return minute.equals("*") || isStarStep(minute);
    }

    private String everyMinutes() {
        if (minute.equals("*") || minute.equals("*/1")) {
            return "Every minute";
        }
        String step = minute.substring(2);
        boolean even = step.length() < 3 && 60 % Integer.parseInt(step) == 0;
        return "Every " + step + " minutes" + (even ? "" : ", counted from the full hour");
    }

    private String minutesOf() {
        return repeatsMinutes() ? everyMinutes() + " of " : "At " + minutes() + " of ";
    }

    private String minutes() {
        return (isPlain(minute) ? "minute " : "minutes ") + numbers(minute);
    }

    /** A list of numbers, ranges and steps. */
    private static String numbers(String field) {
        List<String> parts = new ArrayList<>();
        for (String item : split(field)) {
            int slash = item.indexOf('/');
            String range = slash < 0 ? item : item.substring(0, slash);
            parts.add((range.equals("*") ? "any" : range.replace("-", " to "))
                    + (slash < 0 ? "" : " in steps of " + item.substring(slash + 1)));
        }
        return ScheduleWords.joined(parts);
    }

    static List<String> split(String field) {
        List<String> items = new ArrayList<>();
        int start = 0;
        for (int comma = field.indexOf(','); comma >= 0; comma = field.indexOf(',', start)) {
            items.add(field.substring(start, comma));
            start = comma + 1;
        }
        items.add(field.substring(start));
        return items;
    }

    static String ordinal(String number) {
        boolean teen = number.length() > 1 && number.charAt(number.length() - 2) == '1';
        char last = number.charAt(number.length() - 1);
        return number + (teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th");
    }

    private static String ordinalWord(String number) {
        return number.equals("2") ? "second" : number.equals("3") ? "third" : ordinal(number);
    }

    private static String twoDigits(String number) {
        return number.length() == 1 ? "0" + number : number;
    }

    private static boolean isPlainList(String field) {
        return field.chars().allMatch(c -> c == ',' || c >= '0' && c <= '9');
    }

    static boolean isPlain(String field) {
        return field.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isStarStep(String field) {
        return field.startsWith("*/") && field.indexOf(',') < 0;
    }

    private static boolean isRange(String field) {
        return field.indexOf('-') > 0 && field.indexOf(',') < 0 && field.indexOf('/') < 0;
    }
}
