package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.plan.RunEnd;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each start whether jobs in state {@code error} can be computed by now (behaviour.md §2): a newer version of this
 * program or of Java may know how.
 */
final class SecondLook {
    private static final Logger LOG = LoggerFactory.getLogger("cron.claim");

    private final JobStore store;
    private final Environment environment;
    private final Timetable timetable;

    SecondLook(JobStore store, Environment environment, Timetable timetable) {
        this.store = store;
        this.environment = environment;
        this.timetable = timetable;
    }

    /** Arms the job if it is in error and can be computed. */
    void at(Job job) {
        if (!isInError(job)) {
            return;
        }
        Instant now = environment.now();
        try {
            store.claims().decide(job.id(), view -> decide(view, now));
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("cron.claim job={} is in error still", job.id(), e);
        }
    }

    private Amendment decide(JobView view, Instant now) {
        return view.job()
                .filter(SecondLook::isInError)
                .map(job -> job.withEngine(timetable.arm(job, now)))
                .filter(job -> job.engine().state() != JobState.ERROR)
                .map(job -> RunEnd.in(armed(view, job), now).build())
                .orElseGet(Amendment::none);
    }

    private static JobView armed(JobView view, Job job) {
        return new JobView(view.jobId(), Optional.of(job), view.openRows());
    }

    /** Whether nothing but the computation was wrong with it. */
    private static boolean isInError(Job job) {
        EngineState engine = job.engine();
        return engine.state() == JobState.ERROR
                && job.definition().get(JobField.SCHEDULE).isPresent()
                && SetAside.reason(job.definition()).isEmpty();
    }
}
