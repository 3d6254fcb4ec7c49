package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.Ledger;
import dev.kairos.orchestrator.plan.DueSpan;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
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

    /** Counts what has been due for longer than people should wait. */
    static final class Counting {
        private final Instant bound;
        private final Timetable timetable = new Timetable();
        private final Set<String> jobs = new HashSet<>();
        private long occurrences;
        private Optional<Instant> oldest = Optional.empty();

        Counting(Instant now, Duration patience) {
            bound = now.minus(patience);
        }

        void add(Job job) {
            overdue(job, bound).ifPresent(due -> add(job.id(), due, occurrences(job, timetable, bound)));
        }

        /** Counts the rows that wait, and says what all of it comes to. */
        Backlog with(Ledger ledger) {
            for (Execution row : ledger.list(ExecutionQuery.newest(MOST).in(WAITING))) {
                row.dueAt().filter(bound::isAfter).ifPresent(due -> add(row.jobId(), due, 1));
            }
            return new Backlog(jobs.size(), occurrences, oldest);
        }

        private void add(String job, Instant due, long more) {
            jobs.add(job);
            occurrences += more;
            oldest = oldest.filter(due::isAfter).or(() -> Optional.of(due));
        }
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
