package dev.kairos.orchestrator.schedule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The three calendar fields of an expression of canonical text in plain words. */
final class CronDateWords {
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> WEEKDAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final List<String> NTH = List.of("", "first", "second", "third", "fourth", "fifth");

    private static final int WEEK = 7;

    private final String day;
    private final String month;
    private final String weekday;

    CronDateWords(String day, String month, String weekday) {
        this.day = day;
        this.month = month;
        this.weekday = weekday;
    }

    /** Empty when every day matches. */
    String words() {
        var text = new StringBuilder();
        boolean monthTold = false;
        if (!day.equals("*")) {
            monthTold =
                    weekday.equals("*") && CronWords.split(day).stream().allMatch(CronWords::isPlain) && isOneMonth();
            text.append("on ").append(days()).append(monthTold ? " of " + months() : " of the month");
        }
        if (!weekday.equals("*")) {
            text.append(weekdays());
        }
        if (!month.equals("*") && !monthTold) {
            text.append(text.length() == 0 ? "every day in " : ", in ").append(months());
        }
        return text.toString();
    }

    /** Both day fields restricted: either one; one that begins with a star: both. */
    private String weekdays() {
        if (day.equals("*")) {
            return everyWeekday();
        }
        if (day.charAt(0) == '*' || weekday.charAt(0) == '*') {
            return " if that is " + aWeekday();
        }
        return " and " + everyWeekday();
    }

    private String everyWeekday() {
        int named = plainNames().size();
        if (named == WEEK) {
            return "every day";
        }
        if (isRange(weekday) && named > 1) {
            return "every day from " + range(weekday);
        }
        List<String> specials = specials();
        List<String> names = plainNames();
        String every = names.isEmpty() ? "" : "every " + ScheduleWords.joined(names);
        String on = specials.isEmpty() ? "" : "on " + ScheduleWords.joined(specials);
        return every + (every.isEmpty() || on.isEmpty() ? "" : " and ") + on;
    }

    private String aWeekday() {
        List<String> all = new ArrayList<>();
        plainNames().forEach(name -> all.add("a " + name));
        all.addAll(specials());
        int last = all.size() - 1;
        return last == 0 ? all.get(0) : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
    }

    /** {@code 5L} and {@code MON#2}. */
    private List<String> specials() {
        List<String> specials = new ArrayList<>();
        for (String item : CronWords.split(weekday)) {
            int hash = item.indexOf('#');
            if (hash > 0) {
                specials.add("the " + NTH.get(item.charAt(hash + 1) - '0') + " " + name(item.substring(0, hash))
                        + " of the month");
            } else if (item.endsWith("L")) {
                specials.add("the last " + name(item.substring(0, item.length() - 1)) + " of the month");
            }
        }
        return specials;
    }

    /** Every weekday that a value, a range or a step names, each once. */
    private List<String> plainNames() {
        Set<String> names = new LinkedHashSet<>();
        for (String item : CronWords.split(weekday)) {
            if (item.indexOf('#') >= 0 || item.endsWith("L")) {
                continue;
            }
            int slash = item.indexOf('/');
            String range = slash < 0 ? item : item.substring(0, slash);
            int step = slash < 0 ? 1 : Integer.parseInt(item.substring(slash + 1));
            int dash = range.indexOf('-');
            boolean star = range.equals("*");
            int low = star ? 0 : number(dash < 0 ? range : range.substring(0, dash));
            int high = star ? 7 : dash < 0 ? low : number(range.substring(dash + 1));
            for (int value = low; value <= high; value += step) {
                names.add(WEEKDAYS.get(value));
            }
        }
        return List.copyOf(names);
    }

    private static int number(String token) {
        return CronWords.isPlain(token) ? Integer.parseInt(token) : CronField.WEEKDAY.number(token);
    }

    private static String name(String token) {
        return WEEKDAYS.get(number(token));
    }

    private static boolean isRange(String field) {
        return field.indexOf('-') > 0 && field.indexOf(',') < 0 && field.indexOf('/') < 0;
    }

    private static String range(String field) {
        int dash = field.indexOf('-');
        return name(field.substring(0, dash)) + " to " + name(field.substring(dash + 1));
    }

    private String days() {
        List<String> parts = new ArrayList<>();
        boolean articleGiven = false;
        for (String item : CronWords.split(day)) {
            boolean plain = CronWords.isPlain(item);
            parts.add(plain && articleGiven ? CronWords.ordinal(item) : day(item));
            articleGiven = plain;
        }
        return ScheduleWords.joined(parts);
    }

    private static String day(String item) {
        int slash = item.indexOf('/');
        if (slash > 0) {
            String range = item.substring(0, slash);
            int dash = range.indexOf('-');
            String first = dash < 0 ? "1" : range.substring(0, dash);
            boolean toTheEnd = dash < 0 || range.endsWith("-31");
            return "every " + CronWords.ordinal(item.substring(slash + 1)) + " day from the " + CronWords.ordinal(first)
                    + (toTheEnd ? "" : " to the " + CronWords.ordinal(range.substring(dash + 1)));
        }
        if (item.equals("*")) {
            return "any day";
        }
        if (item.equals("L") || item.equals("L-0")) {
            return "the last day";
        }
        if (item.equals("LW")) {
            return "the last working day";
        }
        if (item.startsWith("L-")) {
            return "the " + CronWords.ordinal(item.substring(2)) + " day before the last";
        }
        if (item.endsWith("W")) {
            return "the working day nearest to the " + CronWords.ordinal(item.substring(0, item.length() - 1));
        }
        int dash = item.indexOf('-');
        return dash < 0
                ? "the " + CronWords.ordinal(item)
                : "the " + CronWords.ordinal(item.substring(0, dash)) + " to the "
                        + CronWords.ordinal(item.substring(dash + 1));
    }

    private boolean isOneMonth() {
        return CronWords.isPlain(month) || CronField.MONTH.number(month) > 0;
    }

    private String months() {
        List<String> parts = new ArrayList<>();
        for (String item : CronWords.split(month)) {
            int slash = item.indexOf('/');
            String range = slash < 0 ? item : item.substring(0, slash);
            int dash = range.indexOf('-');
            String words = range.equals("*")
                    ? "January to December"
                    : dash < 0
                            ? monthName(range)
                            : monthName(range.substring(0, dash)) + " to " + monthName(range.substring(dash + 1));
            parts.add(
                    slash < 0 ? words : "every " + CronWords.ordinal(item.substring(slash + 1)) + " month of " + words);
        }
        return ScheduleWords.joined(parts);
    }

    private static String monthName(String token) {
        int number = CronWords.isPlain(token) ? Integer.parseInt(token) : CronField.MONTH.number(token);
        return MONTHS.get(number - 1);
    }
}
