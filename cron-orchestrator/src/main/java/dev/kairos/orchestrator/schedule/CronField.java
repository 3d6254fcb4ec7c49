package dev.kairos.orchestrator.schedule;

import java.util.List;

/** The five fields of a cron expression: their order, names and ranges. */
enum CronField {
    MINUTE("minute", 0, 59, List.of(), "*/15"),
    HOUR("hour", 0, 23, List.of(), "9-17"),
    DAY("day-of-month", 1, 31, List.of(), "1,15"),
    MONTH(
            "month",
            1,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            "JAN-JUN"),
    WEEKDAY("day-of-week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), "MON-FRI");

    private final String title;
    private final int min;
    private final int max;
    private final List<String> names;
    private final String example;

    CronField(String title, int min, int max, List<String> names, String example) {
        this.title = title;
        this.min = min;
        this.max = max;
        this.names = names;
        this.example = example;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /** The value of a name in capitals, -1 when there is no such name. */
    int number(String name) {
        int index = names.indexOf(name);
        return index < 0 ? -1 : index + (this == MONTH ? 1 : 0);
    }

    /** Why a word is no value of this field. */
    String unknownName(String word) {
        if (this == WEEKDAY && word.equalsIgnoreCase("L")) {
            return "L needs its weekday before it, as in 5L";
        }
        String first = "\"" + word + "\" is not ";
        return first + (names.isEmpty() ? "a number" : "one of " + names.get(0) + " to " + names.get(names.size() - 1));
    }

    /** As it stands in a message: name and position. */
    String where() {
        return ScheduleText.WHERE + ", " + title + " (field " + (ordinal() + 1) + " of 5)";
    }

    InvalidScheduleException refusal(String given, String reason) {
        return new InvalidScheduleException(where(), given, reason, accepted());
    }

    private String accepted() {
        String values = "use " + min + " to " + max;
        if (this == WEEKDAY) {
            values += " (0 and 7 are Sunday) or SUN to SAT";
        } else if (!names.isEmpty()) {
            values += " or " + names.get(0) + " to " + names.get(names.size() - 1);
        }
        String special = this == DAY
                ? ", L for the last day, 15W for the working day nearest the 15th"
                : this == WEEKDAY ? ", 5L for the last Friday, MON#2 for the second Monday" : "";
        return values + ", * for any, lists, ranges and steps" + special + "; for example \"" + example + "\"";
    }
}
