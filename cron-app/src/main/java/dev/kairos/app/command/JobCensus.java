package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.JobStore;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All jobs of a store, counted one at a time and none kept: however many there are, memory does not grow with them. */
final class JobCensus {
    private final Backlog backlog;
    private int jobs;
    private int paused;
    private int failing;
    private @Nullable Job next;

    /**
     * Reads all jobs once.
     *
     * @param behind what counts the jobs that are behind
     */
    JobCensus(JobStore store, Backlog.Counting behind) {
        store.jobs().each(job -> {
            add(job);
            behind.add(job);
        });
        backlog = behind.with(store);
    }

    private void add(Job job) {
        jobs++;
        paused += job.engine().state() == JobState.PAUSED ? 1 : 0;
        failing += isFailing(job) ? 1 : 0;
        Job soonest = next;
        boolean isSooner = job.definition().isEnabled()
                && job.engine().dueAt().isPresent()
                && (soonest == null || dueAt(job).isBefore(dueAt(soonest)));
        if (isSooner) {
            next = job;
        }
    }

    private static Instant dueAt(Job job) {
        return job.engine().dueAt().orElse(Instant.MAX);
    }

    /** A configuration that blocks a job leaves its streak alone, and the job fails all the same. */
    private static boolean isFailing(Job job) {
        return job.engine().failureStreak() > 0
                || job.engine()
                        .lastRun()
                        .status()
                        .filter(ExecutionStatus.BLOCKED_CONFIG.word()::equals)
                        .isPresent();
    }

    int jobs() {
        return jobs;
    }

    int paused() {
        return paused;
    }

    int failing() {
        return failing;
    }

    Backlog backlog() {
        return backlog;
    }

    /** The enabled job that is due first. */
    Optional<Job> next() {
        return Optional.ofNullable(next);
    }
}
