package dev.kairos.builtin;

import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges whether a deaf provider fires again while the ticker covers for it: three attempts on time, each for another due
 * instant, whoever won the claim. Thread-safe.
 */
final class ReturnWatch implements Attempts {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final int ENOUGH = 3;

    /** So early a fire may come (architecture.md §3). */
    private static final Duration EARLY = Duration.ofSeconds(30);

    private record Due(String jobId, Instant at) {}

    private final Environment environment;
    private final Duration bound;
    private final Function<String, Optional<Instant>> lastDueAt;
    private final Set<Due> onTime = new HashSet<>();
    private Optional<Instant> coverFired = Optional.empty();

    /**
     * A watch.
     *
     * @param bound how late an attempt may come
     * @param lastDueAt when a job's latest occurrence was due that somebody claimed
     */
    ReturnWatch(Environment environment, Duration bound, Function<String, Optional<Instant>> lastDueAt) {
        this.environment = environment;
        this.bound = bound;
        this.lastDueAt = lastDueAt;
    }

    /** Begins anew. */
    synchronized void begin() {
        onTime.clear();
        coverFired = Optional.empty();
    }

    /** Whether the provider may have its trigger back. */
    synchronized boolean isBack() {
        return onTime.size() >= ENOUGH;
    }

    /** The covering ticker made a pass. */
    synchronized void covered(TickReport report) {
        if (!report.fired().isEmpty()) {
            coverFired = Optional.of(report.at());
        }
    }

    @Override
    public void begins(String jobId) {}

    @Override
    public void ended(String jobId, FireResult result) {
        if (jobId.equals(Job.WAKE_ID) || isBack()) {
            return;
        }
        Optional<Instant> due = result.fold(
                claimed -> Optional.of(
                        claimed.execution().dueAt().orElse(claimed.execution().scheduledAt())),
                refused -> claimedByAnother(jobId));
        judge(jobId, due, environment.now());
    }

    /** Another process was called to fire the job, and it or the ticker claimed what was due. */
    void heardOutside(String jobId, Instant attemptAt) {
        judge(jobId, claimedByAnother(jobId), attemptAt);
    }

    private void judge(String jobId, Optional<Instant> due, Instant attemptAt) {
        due.filter(at -> !at.isAfter(attemptAt.plus(EARLY)) && !at.plus(bound).isBefore(attemptAt))
                .ifPresent(at -> count(new Due(jobId, at)));
    }

    private Optional<Instant> claimedByAnother(String jobId) {
        try {
            return lastDueAt.apply(jobId);
        } catch (RuntimeException e) {
            LOG.debug("cron.provider an attempt is not counted: the store does not answer", e);
            return Optional.empty();
        }
    }

    /** A pass is on time for whatever the ticker fired, or it fires itself, since the last one that counted. */
    @Override
    public synchronized void ticked(TickReport report) {
        Optional<Instant> fired = report.fired().isEmpty() ? coverFired : Optional.of(report.at());
        fired.filter(at -> !at.plus(bound).isBefore(environment.now())).ifPresent(at -> onTime.add(new Due("", at)));
    }

    private synchronized void count(Due due) {
        onTime.add(due);
    }
}
