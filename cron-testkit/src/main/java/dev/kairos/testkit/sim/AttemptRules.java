package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.job.Retry;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where a rule promises a further attempt, the write that ends the one before has it, and nothing but a person's word takes
 * it away again before it started; the ledger counts the failures that the budget pays for, and no others.
 */
final class AttemptRules implements Step.Rule {
    static final int ATTEMPTS_AFTER_CRASHES = 3;

    private static final Set<String> RETRIED = Set.of("transient", "unreachable");
    private static final Duration LONGEST_BACKOFF = Duration.ofMillis(30_250);

    private final Predicate<String> hasStarted;
    private final Map<String, Integer> failuresByRun = new HashMap<>();

    /**
     * The rules.
     *
     * @param hasStarted whether the work of the execution with that id ever began
     */
    AttemptRules(Predicate<String> hasStarted) {
        this.hasStarted = hasStarted;
    }

    /** Whether the attempt failed in a way that the retry budget pays for. */
    static boolean usesBudget(Execution ended) {
        return ended.status() == ExecutionStatus.ERROR
                && ended.trigger() == Trigger.SCHEDULE
                && ended.failureKind().filter(RETRIED::contains).isPresent();
    }

    static int budget(Job job) {
        return job.definition().get(JobField.RETRY, Retry.DEFAULT).maxRetries().orElse(0);
    }

    /** Whether an attempt whose fate nobody knows is repeated. */
    static boolean isRepeatedAfterCrash(Job job, Execution unknown) {
        Optional<OnCrash> stated = job.definition().get(JobField.ON_CRASH);
        boolean isRepeatable = stated.isPresent()
                ? stated.get() == OnCrash.RERUN
                : job.definition().schedule().kind() == Schedule.Kind.ONCE;
        return isRepeatable && unknown.attempt() < ATTEMPTS_AFTER_CRASHES;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        for (Step.RowChange change : step.rowChanges()) {
            if (change.after() == null) {
                forget(step, change);
            } else if (change.isEnd() && usesBudget(change.ended())) {
                failuresByRun.merge(runOf(change.ended()), 1, Integer::sum);
            }
        }
        for (Step.RowChange change : step.rowChanges()) {
            if (change.after() != null) {
                checkCount(change.after(), violation);
                checkTakenAway(step, change, violation);
            }
            if (change.isEnd()) {
                checkFollowed(step, change, violation);
            }
        }
    }

    /** What people delete so that it can happen again begins anew. */
    private void forget(Step step, Step.RowChange change) {
        if (step.isByPerson() && change.before() != null) {
            failuresByRun.remove(runOf(change.before()));
        }
    }

    private static String runOf(Execution row) {
        return row.jobId() + row.scheduledAt();
    }

    private int failures(Execution row) {
        return row.trigger() == Trigger.REQUEST ? 0 : failuresByRun.getOrDefault(runOf(row), 0);
    }

    private void checkCount(Execution row, Consumer<String> violation) {
        if (row.failures() != failures(row)) {
            violation.accept(row + " says that " + row.failures() + " attempts of its run failed, and " + failures(row)
                    + " did");
        }
    }

    private void checkFollowed(Step step, Step.RowChange change, Consumer<String> violation) {
        Execution ended = change.ended();
        Optional<Job> job =
                step.before().job().filter(before -> step.after().job().isPresent());
        if (job.isEmpty() || ended.trigger() == Trigger.REQUEST || !isPromised(job.get(), change)) {
            return;
        }
        Optional<Execution> further = step.rowChanges().stream()
                .filter(other -> other.before() == null && other.after() != null)
                .map(Step.RowChange::inserted)
                .filter(row -> row.trigger() == Trigger.SCHEDULE
                        && row.scheduledAt().equals(ended.scheduledAt())
                        && row.attempt() == ended.attempt() + 1)
                .findFirst();
        if (further.isEmpty()) {
            violation.accept("no further attempt follows " + ended + " "
                    + ended.reason().orElse("") + " after " + failures(ended) + " failures");
            return;
        }
        Instant latest = step.now().plusMillis(step.writer().mostAhead()).plus(LONGEST_BACKOFF);
        Instant due = further.get().dueAt().orElse(latest);
        if (due.isAfter(latest)
                && ended.dueAt().filter(before -> !due.isAfter(before)).isEmpty()) {
            violation.accept("a further attempt waits longer than it may: " + further.get() + " due "
                    + further.get().dueAt());
        }
    }

    private boolean isPromised(Job job, Step.RowChange change) {
        Execution ended = change.ended();
        boolean isCalledOff = change.before() != null && Requests.isCancelWished(change.before());
        boolean isWithinBudget = usesBudget(ended) && failures(ended) <= budget(job);
        boolean isCrash = ended.status() == ExecutionStatus.UNKNOWN
                && hasStarted.test(ended.id())
                && isRepeatedAfterCrash(job, ended);
        boolean isPutBack = ended.status() == ExecutionStatus.CANCELLED
                && ended.reason().filter("never_started"::equals).isPresent();
        return !isCalledOff && (isWithinBudget || isCrash || isPutBack);
    }

    /** A further attempt that waits ends only by its start, by people, or with its job. */
    private static void checkTakenAway(Step step, Step.RowChange change, Consumer<String> violation) {
        Execution before = change.before();
        Execution after = change.after();
        if (before != null
                && after != null
                && before.attempt() > 1
                && before.status().isWaiting()
                && !after.status().isOpen()
                && !step.isByPerson()
                && step.after().job().isPresent()) {
            violation.accept("a further attempt was taken away: " + before + " became " + after + " "
                    + after.reason().orElse(""));
        }
    }
}
