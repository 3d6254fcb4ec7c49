package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How one job is armed outside. Steady rules stay as they are from fire to fire. */
sealed interface Rule {
    /**
     * The same as cron's own five fields.
     *
     * @param fields the fields
     * @param second the second of the minute at which it fires
     */
    record Fields(CronFields fields, int second) implements Rule {}

    /**
     * Looked for in every minute: cron has no seconds.
     *
     * @param anchor one of its instants
     * @param period the time from one to the next
     */
    record EachMinute(Instant anchor, Duration period) implements Rule {}

    /** Its next instant and nothing more; armed anew after each fire. */
    record Once(Instant at) implements Rule {}

    /** Turns any of them into one value. */
    default <R> R fold(Function<Fields, R> fields, Function<EachMinute, R> eachMinute, Function<Once, R> once) {
        if (this instanceof Fields steady) {
            return fields.apply(steady);
        }
        return this instanceof EachMinute steady ? eachMinute.apply(steady) : once.apply((Once) this);
    }

    /**
     * The rule for what should be armed.
     *
     * @param zone the zone in which the fields are read
     * @param shortest the shortest interval that is armed
     * @throws Refusal where it cannot be armed
     */
    static Rule of(DesiredTrigger trigger, ZoneId zone, Duration shortest) {
        Instant due = trigger.dueAt();
        Optional<Schedule> schedule = trigger.schedule();
        Optional<Rule> steady = schedule.flatMap(Schedule::every)
                .flatMap(period -> interval(due, period, zone, shortest))
                .or(() -> schedule.filter(cron -> cron.zone().getRules().equals(zone.getRules()))
                        .flatMap(cron -> expression(cron, due, zone)));
        return steady.orElseGet(() -> new Once(due));
    }

    /** Only where the next instant is one of the expression's own: jitter and the end of a gap are not. */
    private static Optional<Rule> expression(Schedule cron, Instant due, ZoneId zone) {
        boolean isWholeMinute = due.equals(due.truncatedTo(ChronoUnit.MINUTES));
        LocalDateTime local = LocalDateTime.ofInstant(due, zone);
        return cron.expression()
                .filter(text -> isWholeMinute)
                .flatMap(CronFields::read)
                .filter(fields -> fields.matches(local))
                .map(fields -> new Fields(fields, 0));
    }

    private static Optional<Rule> interval(Instant due, Duration period, ZoneId zone, Duration shortest) {
        if (period.compareTo(shortest) < 0) {
            throw new Refusal(
                    "every " + period.getSeconds() + " s is too often for a program that cron starts anew each"
                            + " time, the shortest is " + shortest.getSeconds()
                            + " s: use another provider (builtin), a longer interval, or cron.crontab.shortest_interval");
        }
        long seconds = period.getSeconds();
        if (seconds % 60 == 0 && 3_600 % seconds == 0) {
            LocalDateTime local = LocalDateTime.ofInstant(due, zone);
            int step = (int) seconds / 60;
            String minutes = step == 1
                    ? "*"
                    : IntStream.iterate(local.getMinute() % step, minute -> minute < 60, minute -> minute + step)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(","));
            return CronFields.read(minutes + " * * * *").map(fields -> new Fields(fields, local.getSecond()));
        }
        return seconds < 120 ? Optional.of(new EachMinute(due, period)) : Optional.empty();
    }
}
