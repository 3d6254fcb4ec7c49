package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The start mark of a held claim: writes {@code running}, or refuses because the claim was called off or the job was removed,
 * paused or given another schedule since (architecture.md §4). A row that is marked already is one whose mark was committed
 * unheard: nothing of it has begun, and it is judged anew.
 *
 * <p>Status: internal.
 */
public final class StartPlanner implements RowDecider {
    private final JobDefinition claimed;
    private final Instant now;
    private final Timetable timetable;
    private final Misfire standardMisfire;

    /**
     * A mark.
     *
     * @param claimed the definition as the claim saw it
     * @param now the present
     * @param timetable how schedules are read
     * @param misfire what the job is missed by unless it says otherwise
     */
    public StartPlanner(JobDefinition claimed, Instant now, Timetable timetable, Misfire misfire) {
        this.claimed = claimed;
        this.now = now;
        this.timetable = timetable;
        this.standardMisfire = misfire;
    }

    /**
     * The same mark for a moment before the instant: written only where it lets the attempt run. What would be refused now
     * is judged at the instant, by which another run may have ended.
     */
    public RowDecider ahead() {
        return (view, row) -> {
            Amendment amendment = decide(view, row);
            boolean isRunning = amendment.rows().stream()
                    .anyMatch(written -> written.id().equals(row.id()) && written.status() == ExecutionStatus.RUNNING);
            return isRunning ? amendment : Amendment.none();
        };
    }

    @Override
    public Amendment decide(JobView view, Execution given) {
        Execution row = given.toBuilder().unstarted().build();
        RunEnd end = RunEnd.in(view, now);
        if (CancelWish.isIn(row)) {
            Execution cancelled = ended(row, ExecutionStatus.CANCELLED, "cancelled by request");
            return end.close(cancelled).count(cancelled, Optional.of("none")).build();
        }
        if (view.job().isEmpty()) {
            return end.close(ended(row, ExecutionStatus.CANCELLED, "removed")).build();
        }
        Job job = view.job().get();
        boolean isRequest = row.trigger() == Trigger.REQUEST;
        if (isRequest && row.scheduledAt().plus(ClaimPlanner.REQUEST_LIFE).isBefore(now)) {
            return end.close(ended(row, ExecutionStatus.CANCELLED, ClaimPlanner.EXPIRED))
                    .build();
        }
        if (!isRequest && isRescheduled(claimed, job.definition())) {
            return end.close(skipped(row, "edited")).build();
        }
        if (!job.definition().isEnabled() && !isRequest) {
            boolean isOnlyOne = Timetable.isOneShot(job.definition()) && row.attempt() == 1;
            return isOnlyOne // it keeps its one occurrence for the day it is resumed
                    ? end.release(row, Optional.empty()).build()
                    : end.close(skipped(row, "paused")).build();
        }
        if (isBesideAnother(view, row, job)) {
            return job.definition().get(JobField.OVERLAP, Overlap.SKIP) == Overlap.QUEUE || isRequest
                    ? end.wait(row.toBuilder()
                                    .status(isRequest ? ExecutionStatus.REQUESTED : ExecutionStatus.QUEUED)
                                    .unowned()
                                    .fence(row.fence() + 1)
                                    .held()
                                    .build())
                            .build()
                    : end.close(skipped(row, "overlap: the job is running")).build();
        }
        Instant due = row.dueAt().orElse(row.scheduledAt());
        Execution.Builder running = row.toBuilder()
                .status(ExecutionStatus.RUNNING)
                .startedAt(now.isBefore(due) ? due : now)
                .jobVersion(job.version());
        Duration late = Duration.between(due, now);
        if (!isRequest && row.attempt() == 1 && late.compareTo(ClaimPlanner.ON_TIME) > 0) {
            Misfire misfire = job.definition().get(JobField.MISFIRE, standardMisfire);
            Duration grace = Grace.of(misfire, timetable.compiled(job.definition()), row.scheduledAt());
            boolean isInGrace = late.compareTo(grace) <= 0;
            if (misfire.policy() == Misfire.Policy.SKIP && !isInGrace) {
                return end.close(skipped(row, "misfire: past its grace")).build();
            }
            running.reason(isInGrace ? "late" : "catch_up");
        }
        return Amendment.builder().row(running.build()).build();
    }

    /** Overlap is judged at the start: since the claim another run may have begun, or the policy may have been edited. */
    private static boolean isBesideAnother(JobView view, Execution row, Job job) {
        return job.definition().get(JobField.OVERLAP, Overlap.SKIP) != Overlap.ALLOW
                && view.openRows().stream()
                        .anyMatch(other -> other.status() == ExecutionStatus.RUNNING
                                && !other.id().equals(row.id()));
    }

    /** Whether the job was given another schedule, zone or jitter since. */
    static boolean isRescheduled(JobDefinition claimed, JobDefinition current) {
        return !current.get(JobField.SCHEDULE).equals(claimed.get(JobField.SCHEDULE))
                || !current.get(JobField.JITTER, Duration.ZERO).equals(claimed.get(JobField.JITTER, Duration.ZERO));
    }

    private Execution skipped(Execution row, String reason) {
        Missed own = new Missed(row.scheduledAt(), row.scheduledAt(), 1);
        Optional<Missed> others = row.missed();
        Missed all = others.map(missed -> new Missed(missed.from(), row.scheduledAt(), missed.count() + 1))
                .orElse(own);
        return ended(row, ExecutionStatus.SKIPPED, reason).toBuilder()
                .missed(all)
                .build();
    }

    private Execution ended(Execution row, ExecutionStatus how, String reason) {
        return row.toBuilder().status(how).finishedAt(now).reason(reason).build();
    }
}
