package dev.kairos.builtin;

import dev.kairos.api.TickReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides how long the ticker waits after a pass. Not thread-safe: the ticker's thread alone uses it. */
final class PassPacing {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_FAILURE_PAUSE = Duration.ofSeconds(5);

    private final Duration interval;
    private Duration pause = Duration.ZERO;
    private Duration failurePause = Duration.ZERO;

    PassPacing(Duration interval) {
        this.interval = interval;
    }

    TickLoop.Wait after(TickReport report, Instant now) {
        failurePause = Duration.ZERO;
        boolean didSomething =
                !report.fired().isEmpty() || report.skipped() > 0 || report.recovered() > 0 || report.deliveries() > 0;
        if (report.moreDue() && !didSomething) {
            // No slot was free: the freed slot wakes the ticker; the second is for the case that nobody does.
            return new TickLoop.Wait(shorter(LONGEST_PAUSE), Optional.empty(), true);
        }
        boolean isDueNow = report.moreDue()
                || report.nextWakeAt().filter(instant -> !instant.isAfter(now)).isPresent();
        if (isDueNow && !didSomething) {
            // Something claims to be due and no pass changes it: never spin on it.
            pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            return new TickLoop.Wait(shorter(pause), Optional.empty(), true);
        }
        pause = Duration.ZERO;
        return isDueNow
                ? new TickLoop.Wait(Duration.ZERO, Optional.empty(), true)
                : new TickLoop.Wait(interval, report.nextWakeAt(), true);
    }

    /** After 1, 2, 4, 5 s, so that the return of a store is noticed soon; changes do not hasten a pass that fails anyway. */
    TickLoop.Wait afterFailure() {
        failurePause =
                failurePause.isZero() ? LONGEST_PAUSE : shorter(failurePause.multipliedBy(2), LONGEST_FAILURE_PAUSE);
        return new TickLoop.Wait(shorter(failurePause), Optional.empty(), false);
    }

    private Duration shorter(Duration duration) {
        return shorter(duration, interval);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
