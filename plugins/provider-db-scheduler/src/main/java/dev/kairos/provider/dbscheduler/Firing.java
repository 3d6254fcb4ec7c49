package dev.kairos.provider.dbscheduler;

import dev.kairos.api.CronContext;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult.NotClaimed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes a fired trigger on to the host, and says whether it is to come again: a trigger is never spent on nothing. */
final class Firing {
    private static final Logger LOG = LoggerFactory.getLogger("cron.db-scheduler");
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration WHEN_THE_STORE_ANSWERS = Duration.ofSeconds(5);
    private static final Duration WHEN_SOMEBODY_IS_ABLE = Duration.ofSeconds(10);

    private final CronContext host;

    Firing(CronContext host) {
        this.host = host;
    }

    /**
     * Fires; returns once the claim is committed, and does not wait for the run.
     *
     * @return when this trigger must come again; empty if the host's list of triggers says what comes next
     */
    Optional<Instant> fire(String jobId, Instant armedFor) {
        try {
            return host.fire(FireRequest.of(jobId).at(armedFor)).fold(claimed -> Optional.empty(), this::again);
        } catch (RuntimeException e) {
            LOG.warn("cron.db-scheduler-fire-failed job={} again_in={}", jobId, SOON, e);
            return Optional.of(now().plus(SOON));
        }
    }

    private Optional<Instant> again(NotClaimed refused) {
        return switch (refused.reason()) {
            case NO_SUCH_JOB, NOT_ENABLED, TICKED -> Optional.empty();
            case NOT_DUE, TAKEN -> refused.nextDueAt().map(this::notAtOnce);
            case BUSY, STOPPING -> Optional.of(now().plus(SOON)); // of this node; another may take it
            case STORE_UNAVAILABLE -> Optional.of(now().plus(WHEN_THE_STORE_ANSWERS));
            case NOT_ABLE -> Optional.of(now().plus(WHEN_SOMEBODY_IS_ABLE));
        };
    }

    private Instant notAtOnce(Instant due) {
        Instant soonest = now().plus(SOON);
        return due.isAfter(soonest) ? due : soonest;
    }

    private Instant now() {
        return host.environment().now();
    }
}
