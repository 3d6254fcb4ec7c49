package dev.kairos.provider.crontab;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code OnCalendar} of a timer takes: each line is a set of instants, and several lines are their union. */
final class UnitCalendar {
    private static final List<String> DAYS = List.of("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat");
    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private UnitCalendar() {}

    /** Whether systemd knows the zone by this name. */
    static boolean knows(ZoneId zone) {
        return zone.getId().equals("UTC") || zone.getId().contains("/");
    }

    static String at(Instant instant) {
        return INSTANT.format(instant);
    }

    static String hourly(int minute) {
        return String.format(Locale.ROOT, "*-*-* *:%02d:00 UTC", minute);
    }

    /** One line, or two where either day field is enough. */
    static List<String> of(Rule.Fields rule, ZoneId zone) {
        CronFields fields = rule.fields();
        String days = numbers(fields.sets().get(CronFields.DAY), 31);
        BitSet weekdays = fields.sets().get(CronFields.WEEKDAY);
        if (fields.isEitherDay()) {
            return List.of(line("", days, rule, zone), line(names(weekdays), "*", rule, zone));
        }
        return List.of(line(names(weekdays), days, rule, zone));
    }

    private static String line(String weekdays, String days, Rule.Fields rule, ZoneId zone) {
        List<BitSet> sets = rule.fields().sets();
        return String.format(
                Locale.ROOT,
                "%s*-%s-%s %s:%s:%02d %s",
                weekdays,
                numbers(sets.get(CronFields.MONTH), 12),
                days,
                numbers(sets.get(CronFields.HOUR), 24),
                numbers(sets.get(CronFields.MINUTE), 60),
                rule.second(),
                zone.getId());
    }

    private static String numbers(BitSet set, int all) {
        return set.cardinality() == all
                ? "*"
                : set.stream()
                        .mapToObj(value -> String.format(Locale.ROOT, "%02d", value))
                        .collect(Collectors.joining(","));
    }

    private static String names(BitSet weekdays) {
        return weekdays.cardinality() == DAYS.size()
                ? ""
                : weekdays.stream().mapToObj(DAYS::get).collect(Collectors.joining(",")) + " ";
    }
}
