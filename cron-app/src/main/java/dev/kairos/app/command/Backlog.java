package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.plan.DueSpan;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is due and was not fired: occurrences nobody claimed, and rows that wait though their instant has passed.
 *
 * @param jobs the jobs concerned
 * @param unable how many of these no live node can run: they wait for one, whatever else runs
 * @param occurrences how many instants and waiting rows
 * @param oldest since when the oldest of them is due
 */
record Backlog(int jobs, int unable, long occurrences, Optional<Instant> oldest) {
    private static final Set<ExecutionStatus> WAITING =
            Set.of(ExecutionStatus.REQUESTED, ExecutionStatus.QUEUED, ExecutionStatus.RETRY);
    private static final int MOST = 10_000;

    /** Counts what has been due for longer than people should wait. */
    static final class Counting {
        private final Instant bound;
        private final Timetable timetable = new Timetable();
        private final Predicate<JobDefinition> isUnable;
        private final Set<String> jobs = new HashSet<>();
        private int unable;
        private long occurrences;
        private Optional<Instant> oldest = Optional.empty();

        /**
         * Counts nothing yet.
         *
         * @param patience how long people should wait
         * @param isUnable whether no live node can run it; asked only of what is behind
         */
        Counting(Instant now, Duration patience, Predicate<JobDefinition> isUnable) {
            this.bound = now.minus(patience);
            this.isUnable = isUnable;
        }

        void add(Job job) {
            overdue(job, bound)
                    .ifPresent(due -> add(job.id(), due, occurrences(job, timetable, bound), () -> Optional.of(job)));
        }

        /** Counts the rows that wait, and says what all of it comes to. */
        Backlog with(JobStore store) {
            for (Execution row : store.ledger().list(ExecutionQuery.newest(MOST).in(WAITING))) {
                row.dueAt()
                        .filter(bound::isAfter)
                        .ifPresent(due ->
                                add(row.jobId(), due, 1, () -> store.jobs().find(row.jobId())));
            }
            return new Backlog(jobs.size(), unable, occurrences, oldest);
        }

        private void add(String id, Instant due, long more, Supplier<Optional<Job>> job) {
            if (jobs.add(id)) {
                unable += job.get().map(Job::definition).filter(isUnable).isPresent() ? 1 : 0;
            }
            occurrences += more;
            oldest = oldest.filter(due::isAfter).or(() -> Optional.of(due));
        }
    }

    /** Whether there is something that a live node could run. */
    boolean isAnyAble() {
        return jobs > unable;
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
