package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.Misfire;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How late the latest missed occurrence may be and still count as merely late (behaviour.md §3). */
final class Grace {
    private static final Duration LEAST = Duration.ofSeconds(120);
    private static final Duration MOST = Duration.ofHours(2);

    private Grace() {}

    /** The grace: the configured one, or half the period clamped to 120 s .. 2 h but never more than the period. */
    static Duration of(Misfire misfire, CompiledSchedule schedule, Instant occurrence) {
        if (misfire.grace().isPresent()) {
            return misfire.grace().get();
        }
        Optional<Duration> period = schedule.periodAfter(occurrence);
        if (period.isEmpty()) {
            return LEAST;
        }
        Duration half = period.get().dividedBy(2);
        Duration clamped = half.compareTo(LEAST) < 0 ? LEAST : half.compareTo(MOST) > 0 ? MOST : half;
        return clamped.compareTo(period.get()) > 0 ? period.get() : clamped;
    }
}
