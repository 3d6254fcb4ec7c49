package dev.kairos.orchestrator.schedule;

/**
 * The five fields of one expression as bit masks, and the search for the next matching minute on the calendar. Knows
 * no zone. Immutable.
 *
 * <p>Which days of a month match depends on nothing but the month's length and the weekday of its first day: 28
 * shapes. {@code L}, {@code W} and {@code #} are resolved into one mask per shape when the expression is compiled, so
 * the search costs the same for them as for plain numbers.
 */
final class CronFields {
    /** No matching minute. */
    static final long NONE = Long.MAX_VALUE;

    /**
     * The longest wait of any expression that fires at all is 40 years (a leap day on a given weekday across a century
     * without one); past this many years there is nothing to find.
     */
    private static final int HORIZON_YEARS = 60;

    private static final int ALL_MONTHS = 0x1FFE;

    private final String text;
    private final long minutes;
    private final int hours;
    private final int months;
    private final int[] daysByShape;
    private final boolean fixedTime;
    private final boolean everyDay;
    private final int firstMinuteOfDay;

    CronFields(String text, CronMasks masks) {
        this.text = text;
        this.minutes = masks.minutes;
        this.hours = masks.hours;
        this.months = masks.months;
        this.daysByShape = masks.daysByShape();
        this.fixedTime = !masks.minuteStar && !masks.hourStar;
        this.everyDay = months == ALL_MONTHS && coversEveryDay(daysByShape);
        this.firstMinuteOfDay = Integer.numberOfTrailingZeros(hours) * 60 + Long.numberOfTrailingZeros(minutes);
    }

    private static boolean coversEveryDay(int[] daysByShape) {
        for (int shape = 0; shape < daysByShape.length; shape++) {
            if (daysByShape[shape] != CronMasks.daysOfLength(28 + shape / 7)) {
                return false;
            }
        }
        return true;
    }

    /** The canonical text. */
    String text() {
        return text;
    }

    /** Neither the minute nor the hour field begins with a star: local clock times that must not be lost. */
    boolean fixedTime() {
        return fixedTime;
    }

    /** Whether there is any date at all on which it matches. */
    boolean everFires() {
        for (int month = 1; month <= 12; month++) {
            if ((months >> month & 1) != 0 && hasDay(month)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasDay(int month) {
        int shortest = Months.length(2001, month);
        int longest = Months.length(2000, month);
        for (int shape = (shortest - 28) * 7; shape < (longest - 27) * 7; shape++) {
            if (daysByShape[shape] != 0) {
                return true;
            }
        }
        return false;
    }

    /** The smallest matching local minute (minutes since 1970-01-01T00:00 on the local calendar) from the given on. */
    long nextMinute(long from) {
        long day = Math.floorDiv(from, 1_440L);
        int time = timeFrom((int) (from - day * 1_440));
        if (everyDay) {
            return time >= 0 ? day * 1_440 + time : (day + 1) * 1_440 + firstMinuteOfDay;
        }
        long found = nextDay(time >= 0 ? day : day + 1);
        if (found == NONE) {
            return NONE;
        }
        return found * 1_440 + (found == day && time >= 0 ? time : firstMinuteOfDay);
    }

    /** The first matching minute of the day from the given on, -1 when the day has none left. */
    private int timeFrom(int minuteOfDay) {
        int hour = minuteOfDay / 60;
        if ((hours >> hour & 1) != 0) {
            long left = minutes & -1L << minuteOfDay - hour * 60;
            if (left != 0) {
                return hour * 60 + Long.numberOfTrailingZeros(left);
            }
        }
        int later = hours & -2 << hour;
        return later == 0 ? -1 : Integer.numberOfTrailingZeros(later) * 60 + Long.numberOfTrailingZeros(minutes);
    }

    /** The first matching day from the given on. */
    long nextDay(long from) {
        long civil = Months.civil(from);
        long year = Months.year(civil);
        int month = Months.month(civil);
        long first = from - Months.day(civil) + 1;
        if ((months >> month & 1) != 0) {
            int left = days(first, year, month) & -1 << Months.day(civil);
            if (left != 0) {
                return first + Integer.numberOfTrailingZeros(left) - 1;
            }
        }
        long lastYear = year + HORIZON_YEARS;
        while (true) {
            int later = months & -2 << month;
            if (later == 0) {
                if (++year > lastYear) {
                    return NONE;
                }
                later = months;
            }
            month = Integer.numberOfTrailingZeros(later);
            first = Months.firstDay(year, month);
            int days = days(first, year, month);
            if (days != 0) {
                return first + Integer.numberOfTrailingZeros(days) - 1;
            }
        }
    }

    /** The shortest time between two neighbouring matches on the calendar. */
    long shortestGapMinutes() {
        int last = firstMinuteOfDay;
        int shortest = Integer.MAX_VALUE;
        for (int next = timeFrom(last + 1); next >= 0; next = timeFrom(last + 1)) {
            shortest = Math.min(shortest, next - last);
            last = next;
        }
        return Math.min(shortest, shortestGapDays() * 1_440 - last + firstMinuteOfDay);
    }

    /** The fewest days from one matching day to the next; 28 years hold every order of the usual ones. */
    private long shortestGapDays() {
        if (everyDay) {
            return 1;
        }
        long first = Months.firstDay(2000, 1);
        long shortest = 40 * 366L;
        long day = nextDay(first);
        while (shortest > 1 && day < first + 28 * 366) {
            long next = nextDay(day + 1);
            shortest = Math.min(shortest, next - day);
            day = next;
        }
        return shortest;
    }

    /** The matching days of a month as bits 1 to 31. */
    private int days(long first, long year, int month) {
        return daysByShape[(Months.length(year, month) - 28) * 7 + Months.weekday(first)];
    }
}
