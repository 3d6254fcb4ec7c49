package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What may happen to a ledger row: ended rows stand, owners change only with a fence, attempts only where a rule admits them. */
final class RowRules implements Step.Rule {
    private final Predicate<String> hasStarted;

    /**
     * The rules.
     *
     * @param hasStarted whether the work of the execution with that id ever began
     */
    RowRules(Predicate<String> hasStarted) {
        this.hasStarted = hasStarted;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        for (Step.RowChange change : step.rowChanges()) {
            Execution before = change.before();
            Execution after = change.after();
            if (after == null) {
                checkDeleted(step, before, violation);
            } else if (before == null) {
                checkInserted(step, after, violation);
            } else {
                checkChanged(step, before, after, violation);
            }
        }
    }

    /** A claim is given back without a trace while nothing of it has begun, marked ahead of its instant or not. */
    private void checkDeleted(Step step, @Nullable Execution row, Consumer<String> violation) {
        boolean isReset = row != null
                && step.isByPerson()
                && !row.status().isOpen()
                && row.scheduledAt().isAfter(step.now());
        boolean isUnbegun = row != null && row.status().isOwned() && !hasStarted.test(row.id());
        if (row != null && !isReset && !isUnbegun && !step.isPruning()) {
            violation.accept("a row that was no claim, or had begun, was deleted: " + row);
        }
    }

    private static void checkInserted(Step step, Execution row, Consumer<String> violation) {
        if (row.trigger() == Trigger.REQUEST) {
            if (row.status() != ExecutionStatus.REQUESTED || !step.isByPerson()) {
                violation.accept("a request that nobody asked for: " + row);
            }
            return;
        }
        checkOwner(step, row, violation);
        checkAdvanced(step, row, violation);
        if (row.attempt() == 1) {
            return;
        }
        Optional<Execution> predecessor = step.after().rows().values().stream()
                .filter(other -> other.trigger() == Trigger.SCHEDULE
                        && other.scheduledAt().equals(row.scheduledAt())
                        && other.attempt() == row.attempt() - 1
                        && other.status() != ExecutionStatus.SKIPPED)
                .findFirst();
        if (predecessor.isEmpty()) {
            violation.accept("attempt " + row.attempt() + " without the one before: " + row);
        } else if (!isAdmitted(step, predecessor.get(), row)) {
            violation.accept("no rule admits " + row + " after " + predecessor.get() + " "
                    + predecessor.get().reason().orElse(""));
        }
    }

    /** No occurrence gets a row before the job moved past it. */
    private static void checkAdvanced(Step step, Execution row, Consumer<String> violation) {
        Optional<Job> job = step.after().job();
        boolean isPassed = job.flatMap(after -> after.engine().lastScheduledAt())
                .filter(last -> !last.isBefore(row.scheduledAt()))
                .isPresent();
        if (job.isPresent() && row.attempt() == 1 && !isPassed) {
            violation.accept("a row for an occurrence that its job can still use up: " + row);
        }
    }

    private static boolean isAdmitted(Step step, Execution before, Execution further) {
        if (before.status().isOpen() || step.before().job().isEmpty()) {
            return false;
        }
        Job job = step.before().job().get();
        if (before.status() == ExecutionStatus.CANCELLED) {
            return before.reason().filter("never_started"::equals).isPresent();
        }
        if (before.status() == ExecutionStatus.UNKNOWN) {
            return AttemptRules.isRepeatedAfterCrash(job, before);
        }
        return AttemptRules.usesBudget(before) && failures(step, further) <= AttemptRules.budget(job);
    }

    /** How many attempts of the run failed: only these use up the retry budget. */
    private static long failures(Step step, Execution further) {
        return step.after().rows().values().stream()
                .filter(row -> row.trigger() == Trigger.SCHEDULE
                        && row.scheduledAt().equals(further.scheduledAt())
                        && row.status() == ExecutionStatus.ERROR)
                .count();
    }

    private void checkChanged(Step step, Execution before, Execution after, Consumer<String> violation) {
        if (!before.status().isOpen()) {
            boolean isExtendedSkip = before.status() == ExecutionStatus.SKIPPED
                    && after.status() == ExecutionStatus.SKIPPED
                    && before.reason().equals(after.reason());
            if (!isExtendedSkip) {
                violation.accept("an ended row changed: " + before + " became " + after);
            }
            return;
        }
        if (after.fence() < before.fence()) {
            violation.accept("a fence went back: " + before + " became " + after);
        }
        if (before.status().isOwned() && step.isOfAnotherLiveNode(before.node())) {
            boolean isWish = step.isByPerson() && after.status() == before.status();
            if (!isWish) {
                violation.accept("a row was written by another than its living owner: " + before + " became " + after);
            }
        }
        if (after.status().isOwned() && !after.node().equals(before.node())) {
            checkOwner(step, after, violation);
            if (after.fence() <= before.fence()) {
                violation.accept("a new owner without a new fence: " + before + " became " + after);
            }
        }
        if (before.status() == ExecutionStatus.RUNNING
                && after.status().isOpen()
                && after.status() != before.status()
                && hasStarted.test(before.id())) {
            violation.accept("a row that was started waits again: " + before + " became " + after);
        }
    }

    private static void checkOwner(Step step, Execution row, Consumer<String> violation) {
        if (!row.status().isOwned()) {
            return;
        }
        if (!step.what().equals("Claims.claimDue")) {
            violation.accept("a row got an owner outside a claim: " + row);
        }
        if (row.node().filter(step.members()::contains).isEmpty()) {
            violation.accept("a node claims that is no member: " + row + " node "
                    + row.node().orElse("none"));
        }
    }
}
