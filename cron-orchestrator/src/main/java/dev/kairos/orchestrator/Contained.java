package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.StoreException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A decider about many jobs that cannot fail for one of them: a job about which no decision can be made stands in state
 * {@code error}, with what waits of it held, and the others are claimed.
 */
final class Contained implements JobDecider {
    private static final Logger LOG = LoggerFactory.getLogger("cron.claim");

    private final JobDecider decider;

    Contained(JobDecider decider) {
        this.decider = decider;
    }

    @Override
    public Amendment decide(JobView view) {
        return contained(view, decider::decide);
    }

    @Override
    public Amendment passOver(JobView view) {
        return contained(view, decider::passOver);
    }

    private static Amendment contained(JobView view, Function<JobView, Amendment> decision) {
        try {
            return decision.apply(view);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            Optional<Job> job = view.job();
            if (job.isEmpty()) {
                throw e;
            }
            LOG.error("cron.claim job={} cannot be claimed and is in error until it is edited", view.jobId(), e);
            return inError(job.get(), view);
        }
    }

    private static Amendment inError(Job job, JobView view) {
        Amendment.Builder amendment = Amendment.builder();
        view.openRows().stream()
                .filter(row -> row.status().isWaiting() && row.dueAt().isPresent())
                .forEach(row -> amendment.row(row.toBuilder().held().build()));
        return amendment
                .engine(job.engine().toBuilder()
                        .state(JobState.ERROR)
                        .next(Optional.empty(), Optional.empty())
                        .build())
                .build();
    }
}
