package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.plan.DueSpan;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is due and was not fired: occurrences nobody claimed, and rows that wait though their instant has passed.
 *
 * @param jobs the jobs concerned
 * @param occurrences how many instants and waiting rows
 * @param oldest since when the oldest of them is due
 */
record Backlog(int jobs, long occurrences, Optional<Instant> oldest) {
    private static final Set<ExecutionStatus> WAITING =
            Set.of(ExecutionStatus.REQUESTED, ExecutionStatus.QUEUED, ExecutionStatus.RETRY);
    private static final int MOST = 10_000;

    /** What has been due for more than the given time. */
    static Backlog of(JobStore store, Instant now, Duration patience) {
        Instant bound = now.minus(patience);
        Timetable timetable = new Timetable();
        Set<String> jobs = new HashSet<>();
        List<Instant> since = new ArrayList<>();
        long occurrences = 0;
        for (Job job : store.jobs().list()) {
            Optional<Instant> due = overdue(job, bound);
            if (due.isPresent()) {
                jobs.add(job.id());
                since.add(due.get());
                occurrences += occurrences(job, timetable, bound);
            }
        }
        for (Execution row : store.ledger().list(ExecutionQuery.newest(MOST).in(WAITING))) {
            Optional<Instant> due = row.dueAt().filter(bound::isAfter);
            if (due.isPresent()) {
                jobs.add(row.jobId());
                since.add(due.get());
                occurrences++;
            }
        }
        return new Backlog(jobs.size(), occurrences, since.stream().min(Instant::compareTo));
    }

    /** Since when the job's next occurrence is due, if that is before the bound. */
    static Optional<Instant> overdue(Job job, Instant bound) {
        boolean mayFire = job.definition().isEnabled()
                && (job.engine().state() == JobState.SCHEDULED || job.engine().state() == JobState.RUNNING);
        return mayFire ? job.engine().dueAt().filter(bound::isAfter) : Optional.empty();
    }

    private static long occurrences(Job job, Timetable timetable, Instant bound) {
        Instant first = job.engine().nextRunAt().orElse(bound);
        try {
            return DueSpan.between(
                            timetable.compiled(job.definition()),
                            job.definition(),
                            first,
                            first.isAfter(bound) ? first : bound)
                    .count();
        } catch (RuntimeException e) { // a schedule that cannot be computed is a finding of its own
            return 1;
        }
    }
}
