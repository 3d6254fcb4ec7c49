package dev.kairos.orchestrator.schedule;

/**
 * Calendar arithmetic on days since 1970-01-01 without allocation. The proleptic Gregorian calendar repeats every 400
 * years, so the year is taken apart into that cycle, with March as its first month so that the leap day comes last.
 */
final class Months {
    private static final int DAYS_PER_CYCLE = 146_097;
    /** Days from 0000-03-01 to 1970-01-01. */
    private static final int EPOCH_SHIFT = 719_468;

    private Months() {}

    /** Year, month and day packed as {@code year << 9 | month << 5 | day}. */
    static long civil(long epochDay) {
        long shifted = epochDay + EPOCH_SHIFT;
        long cycle = Math.floorDiv(shifted, DAYS_PER_CYCLE);
        int day = (int) (shifted - cycle * DAYS_PER_CYCLE);
        int year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        int dayOfYear = day - (365 * year + year / 4 - year / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long fullYear = cycle * 400 + year + (month <= 2 ? 1 : 0);
        return fullYear << 9 | month << 5 | dayOfMonth;
    }

    static long year(long civil) {
        return civil >> 9;
    }

    static int month(long civil) {
        return (int) (civil >> 5) & 15;
    }

    static int day(long civil) {
        return (int) civil & 31;
    }

    /** The first day of a month as days since 1970-01-01. */
    static long firstDay(long year, int month) {
        long marchYear = month <= 2 ? year - 1 : year;
        long cycle = Math.floorDiv(marchYear, 400L);
        int yearOfCycle = (int) (marchYear - cycle * 400);
        int marchMonth = month > 2 ? month - 3 : month + 9;
        int dayOfYear = (153 * marchMonth + 2) / 5;
        int dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear;
        return cycle * DAYS_PER_CYCLE + dayOfCycle - EPOCH_SHIFT;
    }

    static int length(long year, int month) {
        if (month == 2) {
            return isLeap(year) ? 29 : 28;
        }
        return 30 + ((month + (month >> 3)) & 1);
    }

    static boolean isLeap(long year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Day of the week, Sunday 0 to Saturday 6. */
    static int weekday(long epochDay) {
        return (int) Math.floorMod(epochDay + 4, 7L);
    }
}
