package dev.kairos.provider.crontab;

import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The five fields of a canonical cron expression that cron itself understands: numbers, names, ranges, steps and stars.
 *
 * @param text the fields in numbers alone: not every cron knows names in lists and ranges
 * @param sets the values of each field; Sunday is 0
 */
record CronFields(String text, List<BitSet> sets) {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern NAME = Pattern.compile("[A-Z]{3}");
    private static final Pattern ITEM = Pattern.compile("(?:(\\*)|(\\d{1,2})(?:-(\\d{1,2}))?)(?:/(\\d{1,5}))?");
    private static final int[] LOWEST = {0, 0, 1, 1, 0};
    private static final int[] HIGHEST = {59, 23, 31, 12, 7};
    static final int MINUTE = 0;
    static final int HOUR = 1;
    static final int DAY = 2;
    static final int MONTH = 3;
    static final int WEEKDAY = 4;

    /** Reads a canonical expression; empty where it says what cron cannot say ({@code L}, {@code W}, {@code #}). */
    static Optional<CronFields> read(String expression) {
        String[] parts = expression.split(" ", -1);
        BitSet[] sets = new BitSet[HIGHEST.length];
        for (int field = 0; field < HIGHEST.length; field++) {
            parts[field] = inNumbers(parts[field], field);
            sets[field] = new BitSet();
            for (String item : parts[field].split(",", -1)) {
                Matcher form = ITEM.matcher(item);
                if (!form.matches()) {
                    return Optional.empty();
                }
                add(form, field, sets[field]);
            }
        }
        if (sets[WEEKDAY].get(7)) {
            sets[WEEKDAY].set(0);
            sets[WEEKDAY].clear(7);
        }
        return Optional.of(new CronFields(String.join(" ", parts), List.of(sets)));
    }

    private static String inNumbers(String text, int field) {
        return NAME.matcher(text).replaceAll(name -> {
            int month = MONTHS.indexOf(name.group());
            int day = DAYS.indexOf(name.group());
            int number = field == MONTH ? month + 1 : day;
            boolean isKnown = field == MONTH && month >= 0 || field == WEEKDAY && day >= 0;
            return isKnown ? Integer.toString(number) : name.group();
        });
    }

    private static void add(Matcher form, int field, BitSet set) {
        boolean isStar = form.group(1) != null;
        int low = isStar ? LOWEST[field] : Integer.parseInt(form.group(2));
        int last = form.group(4) == null || form.group(3) != null ? low : HIGHEST[field];
        int high = isStar ? HIGHEST[field] : form.group(3) == null ? last : Integer.parseInt(form.group(3));
        int step = form.group(4) == null ? 1 : Integer.parseInt(form.group(4));
        for (int value = low; value <= high; value += Math.max(1, step)) {
            set.set(value);
        }
    }

    /** Whether the field begins with a star, which decides how the two day fields go together. */
    boolean isStar(int field) {
        return text.split(" ")[field].startsWith("*");
    }

    /** Whether either day field is enough: both are restricted. */
    boolean isEitherDay() {
        return !isStar(DAY) && !isStar(WEEKDAY);
    }

    /** Whether cron would fire in this minute. */
    boolean matches(LocalDateTime minute) {
        boolean day = sets.get(DAY).get(minute.getDayOfMonth());
        boolean weekday = sets.get(WEEKDAY).get(minute.getDayOfWeek().getValue() % 7);
        return sets.get(MINUTE).get(minute.getMinute())
                && sets.get(HOUR).get(minute.getHour())
                && sets.get(MONTH).get(minute.getMonthValue())
                && (isEitherDay() ? day || weekday : day && weekday);
    }
}
