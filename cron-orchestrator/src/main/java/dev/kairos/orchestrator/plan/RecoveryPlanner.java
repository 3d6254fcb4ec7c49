package dev.kairos.orchestrator.plan;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What becomes of a row whose node died or was stopped (architecture.md §4). Unmarked: the work never began, so the row
 * ends {@code cancelled: never_started} and one further attempt waits in its place; a second time it ends {@code
 * unknown}. Marked: nobody knows, so it ends {@code unknown}, repeated only under {@code on_crash: rerun}, which is a
 * one-shot's rule unless it says {@code never}; three attempts in all. One that somebody asked to end ends {@code cancelled}, marked or not, and is not repeated.
 *
 * <p>Status: internal.
 */
public final class RecoveryPlanner implements RowDecider {
    /** Attempts in all of an occurrence that is repeated when its node died. */
    static final int ATTEMPTS = 3;

    static final String NEVER_STARTED = "never_started";

    /** Why the attempt exists that took the place of one that never started; it may well start itself. */
    private static final String AGAIN = "again: " + NEVER_STARTED;

    private final String why;
    private final boolean isKnownUnstarted;
    private final Policy policy;
    private final RandomGenerator random;

    /**
     * What the configuration says.
     *
     * @param now the present
     * @param misfire the default misfire policy
     * @param timetable for the grace
     * @param rules for the targets of the alert
     */
    public record Policy(Instant now, Misfire misfire, Timetable timetable, CompletionPlanner.RunRules rules) {}

    /**
     * A decision.
     *
     * @param why what happened to the node, one clause for the ledger
     */
    public RecoveryPlanner(String why, Policy policy, RandomGenerator random) {
        this(why, false, policy, random);
    }

    private RecoveryPlanner(String why, boolean isKnownUnstarted, Policy policy, RandomGenerator random) {
        this.why = why;
        this.isKnownUnstarted = isKnownUnstarted;
        this.policy = policy;
        this.random = random;
    }

    /** The decision of an owner who knows that the work did not begin, marked or not. */
    public static RecoveryPlanner unstarted(String why, Policy policy, RandomGenerator random) {
        return new RecoveryPlanner(why, true, policy, random);
    }

    @Override
    public Amendment decide(JobView view, Execution row) {
        if (view.job().flatMap(job -> job.definition().fault()).isPresent()) {
            return Amendment
                    .none(); // nobody here knows whether it is repeated: it waits for a node that can read the job
        }
        if (CancelWish.isIn(row)) {
            Execution known = isKnownUnstarted ? row.toBuilder().unstarted().build() : row;
            Execution cancelled = ended(known, ExecutionStatus.CANCELLED, "cancelled by request; " + why);
            return RunEnd.in(view, policy.now())
                    .close(cancelled)
                    .count(cancelled, Optional.of("none"))
                    .build();
        }
        return isKnownUnstarted || row.status() == ExecutionStatus.CLAIMED
                ? unmarked(view, row.toBuilder().unstarted().build())
                : marked(view, row);
    }

    private Amendment unmarked(JobView view, Execution row) {
        RunEnd end = RunEnd.in(view, policy.now());
        if (view.job().isEmpty()) {
            return end.close(ended(row, ExecutionStatus.CANCELLED, NEVER_STARTED))
                    .build();
        }
        Job job = view.job().get();
        if (row.trigger() == Trigger.REQUEST) {
            return end.wait(row.toBuilder()
                            .status(ExecutionStatus.REQUESTED)
                            .unowned()
                            .fence(row.fence() + 1)
                            .dueAt(policy.now())
                            .build())
                    .build();
        }
        if (row.reason().filter(AGAIN::equals).isPresent()) {
            Execution unknown = ended(row, ExecutionStatus.UNKNOWN, why);
            return finish(end.close(unknown), job, unknown);
        }
        end.close(ended(row, ExecutionStatus.CANCELLED, NEVER_STARTED));
        Execution further = further(row, job).reason(AGAIN).build();
        if (isDropped(job, row)) {
            return end.close(ended(further, ExecutionStatus.SKIPPED, "misfire: past its grace"))
                    .build();
        }
        return end.wait(further).build();
    }

    private Amendment marked(JobView view, Execution row) {
        Execution unknown = ended(row, ExecutionStatus.UNKNOWN, why).toBuilder()
                .error("nobody knows whether the work was done: " + why)
                .build();
        RunEnd end = RunEnd.in(view, policy.now()).close(unknown);
        if (view.job().isEmpty()) {
            return end.build();
        }
        Job job = view.job().get();
        boolean isRepeated = row.trigger() == Trigger.SCHEDULE
                && row.attempt() < ATTEMPTS
                && afterCrash(job.definition()) == OnCrash.RERUN;
        if (isRepeated) {
            return end.wait(further(row, job).reason("rerun: " + why).build()).build();
        }
        return finish(end, job, unknown);
    }

    /** What the job says, else what suits its kind: a recurring one has its next instant, a one-shot only this one. */
    private static OnCrash afterCrash(JobDefinition definition) {
        boolean isOnce = Timetable.isOneShot(definition);
        return definition.get(JobField.ON_CRASH, isOnce ? OnCrash.RERUN : OnCrash.NEVER);
    }

    private Amendment finish(RunEnd end, Job job, Execution unknown) {
        List<String> targets =
                CompletionPlanner.remote(policy.rules().targets(job.definition(), ExecutionStatus.UNKNOWN));
        Optional<String> status = targets.isEmpty() ? Optional.of("none") : Optional.empty();
        return end.envelopes(unknown, targets, Envelope.Content.ALERT)
                .count(unknown, status)
                .build();
    }

    private Execution.Builder further(Execution row, Job job) {
        Execution.Builder further = Execution.builder(Ids.execution(random), row.jobId(), row.scheduledAt())
                .attempt(row.attempt() + 1)
                .failures(row.failures())
                .status(ExecutionStatus.QUEUED)
                .jobVersion(job.version());
        row.missed().ifPresent(further::missed);
        Instant due = row.dueAt().filter(policy.now()::isBefore).orElse(policy.now());
        return job.definition().isEnabled() ? further.dueAt(due) : further.held();
    }

    private boolean isDropped(Job job, Execution row) {
        Misfire misfire = job.definition().get(JobField.MISFIRE, policy.misfire());
        if (misfire.policy() != Misfire.Policy.SKIP) {
            return false;
        }
        Instant due = policy.timetable().dueAt(job.id(), job.definition(), row.scheduledAt());
        Duration grace = Grace.of(misfire, policy.timetable().compiled(job.definition()), row.scheduledAt());
        return Duration.between(due, policy.now()).compareTo(grace) > 0;
    }

    private Execution ended(Execution row, ExecutionStatus how, String reason) {
        return row.toBuilder()
                .status(how)
                .finishedAt(policy.now())
                .reason(reason)
                .build();
    }
}
