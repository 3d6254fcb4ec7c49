package dev.kairos.orchestrator.schedule;

/** What the fields of an expression say, gathered while they are read. Not for sharing. */
final class CronMasks {
    /** Bits 0 to 59. */
    long minutes;
    /** Bits 0 to 23. */
    int hours;
    /** Bits 1 to 12. */
    int months;
    /** Plain days of the month, bits 1 to 31. */
    int days;
    /** {@code L} is bit 0, {@code L-3} is bit 3: days before the last one. */
    int daysBeforeLast;
    /** {@code 15W} is bit 15: the working day nearest to the 15th. */
    int nearestWorkdays;
    /** {@code LW}. */
    boolean lastWorkday;
    /** Plain weekdays, Sunday bit 0 to Saturday bit 6. */
    int weekdays;
    /** {@code 5L} is bit 5: the last Friday of the month. */
    int lastWeekdays;
    /** {@code MON#2} is bit {@code 2 * 7 + 1}. */
    long nthWeekdays;

    boolean minuteStar;
    boolean hourStar;
    boolean dayStar;
    boolean weekdayStar;

    static int daysOfLength(int length) {
        return (int) ((1L << length + 1) - 2);
    }

    /** One mask of matching days for each shape of a month: {@code (length - 28) * 7 + weekday of the first}. */
    int[] daysByShape() {
        int[] shapes = new int[28];
        for (int shape = 0; shape < 28; shape++) {
            shapes[shape] = daysIn(28 + shape / 7, shape % 7);
        }
        return shapes;
    }

    /** Both day fields restricted: either; a field that begins with a star never widens the other, so: both. */
    private int daysIn(int length, int firstWeekday) {
        int byDate = byDate(length, firstWeekday);
        int byWeekday = byWeekday(length, firstWeekday);
        return dayStar || weekdayStar ? byDate & byWeekday : byDate | byWeekday;
    }

    private int byDate(int length, int firstWeekday) {
        int mask = days & daysOfLength(length);
        for (int before = 0; before < length; before++) {
            if ((daysBeforeLast >> before & 1) != 0) {
                mask |= 1 << length - before;
            }
        }
        for (int day = 1; day <= length; day++) {
            if ((nearestWorkdays >> day & 1) != 0) {
                mask |= 1 << nearestWorkday(day, length, firstWeekday);
            }
        }
        if (lastWorkday) {
            mask |= 1 << nearestWorkday(length, length, firstWeekday);
        }
        return mask;
    }

    /** Saturday goes back to Friday, Sunday on to Monday, but never out of the month. */
    private static int nearestWorkday(int day, int length, int firstWeekday) {
        int weekday = (firstWeekday + day - 1) % 7;
        if (weekday == 6) {
            return day == 1 ? 3 : day - 1;
        }
        if (weekday == 0) {
            return day == length ? length - 2 : day + 1;
        }
        return day;
    }

    private int byWeekday(int length, int firstWeekday) {
        int mask = 0;
        for (int day = 1; day <= length; day++) {
            int weekday = (firstWeekday + day - 1) % 7;
            boolean plain = (weekdays >> weekday & 1) != 0;
            boolean last = day + 7 > length && (lastWeekdays >> weekday & 1) != 0;
            boolean nth = (nthWeekdays >> ((day + 6) / 7 * 7 + weekday) & 1) != 0;
            if (plain || last || nth) {
                mask |= 1 << day;
            }
        }
        return mask;
    }
}
