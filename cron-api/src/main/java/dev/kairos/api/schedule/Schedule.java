package dev.kairos.api.schedule;

import dev.kairos.api.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rule that yields a job's instants: once, at a fixed period, or by a cron expression, read in one zone. Immutable
 * and safe for any thread; two schedules are equal when they yield the same instants by the same rule and zone.
 *
 * <p>It carries the rule as decided, not as typed: a delay has become its instant, a day phrase its expression. The
 * orchestrator's parser makes one from a person's text and its engine computes the instants.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Schedule {

    /** The three ways to yield instants. */
    public enum Kind {
        /** One instant. */
        ONCE,
        /** A fixed period of real time, counted from the previous nominal instant. */
        INTERVAL,
        /** A five-field cron expression read in the schedule's zone. */
        CRON;

        /** The word {@code jobs.json} uses: {@code once}, {@code interval}, {@code cron}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The longest period of an interval: ten years, counted as 3,653 days. */
    public static final Duration LONGEST_PERIOD = Duration.ofDays(3_653);

    private final Kind kind;
    private final @Nullable Instant runAt;
    private final @Nullable Duration every;
    private final @Nullable String expression;
    private final ZoneId zone;

    private Schedule(
            Kind kind, @Nullable Instant runAt, @Nullable Duration every, @Nullable String expression, ZoneId zone) {
        this.kind = kind;
        this.runAt = runAt;
        this.every = every;
        this.expression = expression;
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    /**
     * One instant.
     *
     * @param runAt when; kept to the millisecond
     * @param zone the zone people see it in
     */
    public static Schedule once(Instant runAt, ZoneId zone) {
        return new Schedule(Kind.ONCE, runAt.truncatedTo(ChronoUnit.MILLIS), null, null, zone);
    }

    /**
     * A fixed period of real time, whatever the clocks of the zone do.
     *
     * @param every whole seconds, from one second to {@link #LONGEST_PERIOD}
     * @param zone the zone people see its instants in
     * @throws IllegalArgumentException when the period is out of range or not whole seconds
     */
    public static Schedule interval(Duration every, ZoneId zone) {
        if (every.getSeconds() < 1 || every.compareTo(LONGEST_PERIOD) > 0 || every.getNano() != 0) {
            throw new IllegalArgumentException("an interval is whole seconds, from 1 second to 10 years, not " + every);
        }
        return new Schedule(Kind.INTERVAL, null, every, null, zone);
    }

    /**
     * A cron expression. Only its shape is checked here; the orchestrator's engine checks the fields when it compiles
     * the schedule.
     *
     * @param expression the canonical text: five fields, single spaces, names in capitals
     * @param zone the zone its fields are read in
     * @throws IllegalArgumentException when the text is not five fields of printable ASCII separated by single spaces
     */
    public static Schedule cron(String expression, ZoneId zone) {
        if (!hasFiveFields(expression)) {
            throw new IllegalArgumentException("a cron expression has five fields, not \"" + expression + "\"");
        }
        return new Schedule(Kind.CRON, null, null, expression, zone);
    }

    /**
     * Reads the tree that {@link #toMap()} writes; a missing {@code timezone} is UTC.
     *
     * @param map the {@code schedule} object of {@code jobs.json} as plain strings, numbers and maps
     * @throws InvalidInputException when a field is missing, of the wrong type or out of range
     */
    public static Schedule fromMap(Map<String, ?> map) {
        return fromMap(map, ZoneId.of("UTC"));
    }

    /**
     * Reads the tree that {@link #toMap()} writes. Lenient where another tool's file means the same: an interval may
     * say {@code minutes} instead of {@code seconds}, a {@code run_at} may carry any offset or none (then it is in the
     * zone), {@code kind} may be absent when the other fields tell it. {@code display} is not read: it follows from
     * the rest.
     *
     * @param map the {@code schedule} object of {@code jobs.json} as plain strings, numbers and maps
     * @param zoneWhenAbsent the zone of a schedule that names none
     * @throws InvalidInputException when a field is missing, of the wrong type or out of range
     */
    public static Schedule fromMap(Map<String, ?> map, ZoneId zoneWhenAbsent) {
        return new ScheduleTree(map).read(zoneWhenAbsent);
    }

    /**
     * The schedule as a plain tree for {@code jobs.json}: {@code kind}, one of {@code expr}, {@code run_at} (ISO-8601,
     * UTC) or {@code seconds}, then {@code display} and {@code timezone}. Values are {@link String} and {@link Long};
     * the order of the keys is fixed; the map cannot be changed.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", kind.word());
        if (expression != null) {
            map.put("expr", expression);
        } else if (runAt != null) {
            map.put("run_at", runAt.toString());
        } else {
            map.put("seconds", Objects.requireNonNull(every).getSeconds());
        }
        map.put("display", display());
        map.put("timezone", zone.getId());
        return Collections.unmodifiableMap(map);
    }

    /** Which of the three it is. */
    public Kind kind() {
        return kind;
    }

    /** The instant of a {@link Kind#ONCE} schedule, to the millisecond; empty for the others. */
    public Optional<Instant> runAt() {
        return Optional.ofNullable(runAt);
    }

    /** The period of an {@link Kind#INTERVAL} schedule, whole seconds; empty for the others. */
    public Optional<Duration> every() {
        return Optional.ofNullable(every);
    }

    /** The canonical five-field text of a {@link Kind#CRON} schedule; empty for the others. */
    public Optional<String> expression() {
        return Optional.ofNullable(expression);
    }

    /** The zone in which a cron expression is read and in which people are shown the instants. */
    public ZoneId zone() {
        return zone;
    }

    /**
     * The canonical text, which the parser accepts again: {@code every 1h30m}, {@code 0 9 * * MON-FRI}, or the instant
     * with its offset in the schedule's zone, {@code 2027-01-15T09:00:00+01:00}. It does not name the zone.
     */
    public String display() {
        if (expression != null) {
            return expression;
        }
        if (runAt != null) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                    runAt.atZone(zone).toOffsetDateTime());
        }
        return "every " + periodText(Objects.requireNonNull(every).getSeconds());
    }

    private static String periodText(long seconds) {
        if (seconds % 604_800 == 0) {
            return seconds / 604_800 + "w";
        }
        var text = new StringBuilder();
        append(text, seconds / 86_400, 'd');
        append(text, seconds / 3_600 % 24, 'h');
        append(text, seconds / 60 % 60, 'm');
        append(text, seconds % 60, 's');
        return text.toString();
    }

    private static void append(StringBuilder text, long count, char unit) {
        if (count > 0) {
            text.append(count).append(unit);
        }
    }

    static boolean hasFiveFields(String text) {
        int gaps = 0;
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
                return false;
            }
            if (c == ' ') {
                gaps++;
            }
            before = c;
        }
        return gaps == 4 && before != ' ';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Schedule that
                && kind == that.kind
                && Objects.equals(runAt, that.runAt)
                && Objects.equals(every, that.every)
                && Objects.equals(expression, that.expression)
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, runAt, every, expression, zone);
    }

    /** The canonical text and the zone, for logs. */
    @Override
    public String toString() {
        return display() + " [" + zone.getId() + "]";
    }
}
