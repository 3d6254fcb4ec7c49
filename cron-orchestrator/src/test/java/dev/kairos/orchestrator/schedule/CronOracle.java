package dev.kairos.orchestrator.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The slow truth: looks at every minute of a stretch of local calendar and asks each field in words of java.time. Shares
 * nothing with the engine but the text.
 */
final class CronOracle {
    private static final List<String> WEEKDAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private final String[] fields;
    private final List<LocalTime> times = new ArrayList<>();

    CronOracle(String expression) {
        fields = expression.toUpperCase(java.util.Locale.ROOT).split(" ");
        for (int minute = 0; minute < 1_440; minute++) {
            boolean hourMatches = matches(fields[1], minute / 60, 0, 23, List.of());
            if (hourMatches && matches(fields[0], minute % 60, 0, 59, List.of())) {
                times.add(LocalTime.of(minute / 60, minute % 60));
            }
        }
    }

    /** How many minutes of a matching day match. */
    int minutesPerDay() {
        return times.size();
    }

    /** Every instant that the local dates from {@code first} to {@code last} yield in a zone. */
    NavigableSet<Instant> instants(LocalDate first, LocalDate last, ZoneId zone) {
        boolean fixedTime = !fields[0].startsWith("*") && !fields[1].startsWith("*");
        NavigableSet<Instant> instants = new TreeSet<>();
        for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
            if (matchesDay(date)) {
                for (LocalTime time : times) {
                    add(instants, date.atTime(time), zone, fixedTime);
                }
            }
        }
        return instants;
    }

    private static void add(NavigableSet<Instant> instants, LocalDateTime local, ZoneId zone, boolean fixedTime) {
        var offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            var gap = zone.getRules().getTransition(local);
            if (fixedTime && gap.getDuration().toHours() <= 3) {
                instants.add(gap.getInstant());
            }
            return;
        }
        instants.add(local.toInstant(offsets.get(0)));
        if (!fixedTime) {
            offsets.forEach(offset -> instants.add(local.toInstant(offset)));
        }
    }

    boolean matchesDay(LocalDate date) {
        if (!matches(fields[3], date.getMonthValue(), 1, 12, MONTHS)) {
            return false;
        }
        boolean byDate = Arrays.stream(fields[2].split(",")).anyMatch(item -> dateItem(item, date));
        boolean byWeekday = Arrays.stream(fields[4].split(",")).anyMatch(item -> weekdayItem(item, date));
        boolean restricted = !isStar(fields[2]) && !isStar(fields[4]);
        return restricted ? byDate || byWeekday : byDate && byWeekday;
    }

    private static boolean isStar(String field) {
        return field.startsWith("*") || field.equals("?");
    }

    private static boolean dateItem(String item, LocalDate date) {
        LocalDate lastDay = date.with(TemporalAdjusters.lastDayOfMonth());
        if (item.equals("LW")) {
            return date.equals(workday(lastDay));
        }
        if (item.startsWith("L")) {
            return date.equals(lastDay.minusDays(item.equals("L") ? 0 : Integer.parseInt(item.substring(2))));
        }
        if (item.endsWith("W")) {
            int day = Integer.parseInt(item.substring(0, item.length() - 1));
            return day <= lastDay.getDayOfMonth() && date.equals(workday(date.withDayOfMonth(day)));
        }
        return matches(item, date.getDayOfMonth(), 1, 31, List.of());
    }

    private static LocalDate workday(LocalDate day) {
        LocalDate friday = day.minusDays(1);
        LocalDate monday = day.plusDays(1);
        if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return friday.getMonth() == day.getMonth() ? friday : day.plusDays(2);
        }
        if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return monday.getMonth() == day.getMonth() ? monday : day.minusDays(2);
        }
        return day;
    }

    private static boolean weekdayItem(String item, LocalDate date) {
        int weekday = date.getDayOfWeek().getValue() % 7;
        if (item.endsWith("L")) {
            boolean last = date.plusDays(7).getMonth() != date.getMonth();
            return last && number(item.substring(0, item.length() - 1), WEEKDAYS, 0) % 7 == weekday;
        }
        int hash = item.indexOf('#');
        if (hash > 0) {
            int nth = Integer.parseInt(item.substring(hash + 1));
            boolean isNth = date.get(java.time.temporal.ChronoField.ALIGNED_WEEK_OF_MONTH) == nth;
            return isNth && number(item.substring(0, hash), WEEKDAYS, 0) % 7 == weekday;
        }
        boolean matches = matches(item, weekday, 0, 7, WEEKDAYS);
        return matches || weekday == 0 && matches(item, 7, 0, 7, WEEKDAYS);
    }

    private static boolean matches(String field, int value, int min, int max, List<String> names) {
        return Arrays.stream(field.split(",")).anyMatch(item -> matchesItem(item, value, min, max, names));
    }

    private static boolean matchesItem(String item, int value, int min, int max, List<String> names) {
        String[] stepped = item.split("/");
        int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
        int low = min;
        int high = max;
        if (!stepped[0].equals("*") && !stepped[0].equals("?")) {
            String[] ends = stepped[0].split("-");
            low = number(ends[0], names, min);
            high = ends.length == 2 ? number(ends[1], names, min) : stepped.length == 2 ? max : low;
            if (ends.length == 2 && ends[1].equals("SUN") && low > 0) {
                high = 7;
            }
        }
        return value >= low && value <= high && (value - low) % step == 0;
    }

    private static int number(String text, List<String> names, int base) {
        int name = names.indexOf(text);
        return name < 0 ? Integer.parseInt(text) : name + base;
    }
}
