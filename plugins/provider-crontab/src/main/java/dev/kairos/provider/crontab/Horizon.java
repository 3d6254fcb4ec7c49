package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which jobs have an entry of their own, and when the home is woken for the rest. */
final class Horizon {
    /** Something that is open is looked after within this time, counted anew with each question. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    private static final Duration NEARLY = Duration.ofSeconds(5);

    private Horizon() {}

    /** The jobs, the soonest first. */
    static List<DesiredTrigger> jobs(List<DesiredTrigger> desired) {
        return desired.stream()
                .filter(trigger -> !trigger.jobId().equals(Job.WAKE_ID))
                .sorted(Comparator.comparing(DesiredTrigger::dueAt).thenComparing(DesiredTrigger::jobId))
                .toList();
    }

    /**
     * When the home is to be woken: for what waits, and for the first job beyond the bound. What only asks to be looked
     * after in five minutes gets the full five minutes of the clock, so that asking again moves nothing.
     */
    static Optional<Instant> wakeAt(List<DesiredTrigger> desired, Instant now, int most) {
        Stream<Instant> waiting = desired.stream()
                .filter(trigger -> trigger.jobId().equals(Job.WAKE_ID))
                .map(trigger -> onTheClock(trigger.dueAt(), now));
        Stream<Instant> beyond = jobs(desired).stream().skip(most).limit(1).map(DesiredTrigger::dueAt);
        return Stream.concat(waiting, beyond).min(Comparator.naturalOrder());
    }

    private static Instant onTheClock(Instant due, Instant now) {
        if (due.isBefore(now.plus(LOOK).minus(NEARLY))) {
            return due;
        }
        Instant full =
                Instant.ofEpochSecond(Math.floorDiv(due.getEpochSecond(), LOOK.getSeconds()) * LOOK.getSeconds());
        return full.isAfter(now.plus(Planner.MARGIN)) ? full : CronTime.minute(due);
    }
}
