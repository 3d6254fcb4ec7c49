package dev.kairos.orchestrator.plan;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what the end of an attempt means: the row's outcome, a further attempt or the end of the run, and the envelopes,
 * all in one write (behaviour.md §4, architecture.md §4).
 *
 * <p>Status: internal.
 */
public final class CompletionPlanner implements RowDecider {
    private static final long JITTER_MILLIS = 250;

    private final Ending ending;
    private final RunRules rules;
    private final RandomGenerator random;

    /**
     * How an attempt ended.
     *
     * @param status the outcome
     * @param result what the runner said
     * @param reason why, where the outcome alone does not say
     * @param output the saved output
     * @param now when
     */
    public record Ending(
            ExecutionStatus status, RunResult result, Optional<String> reason, Optional<String> output, Instant now) {}

    /** A decision about one ending. */
    public CompletionPlanner(Ending ending, RunRules rules, RandomGenerator random) {
        this.ending = ending;
        this.rules = rules;
        this.random = random;
    }

    @Override
    public Amendment decide(JobView view, Execution row) {
        Execution closed = closed(row);
        RunEnd end = RunEnd.in(view, ending.now()).close(closed);
        if (view.job().isEmpty()) {
            return end.build();
        }
        Job job = view.job().get();
        Optional<Duration> backoff = backoff(job.definition(), row);
        if (backoff.isPresent()) {
            Execution.Builder further = Execution.builder(Ids.execution(random), job.id(), row.scheduledAt())
                    .attempt(row.attempt() + 1)
                    .status(ExecutionStatus.RETRY)
                    .jobVersion(job.version())
                    .reason("retry: " + closed.failureKind().orElse("failed"));
            return end.wait((job.definition().isEnabled()
                                    ? further.dueAt(ending.now().plus(backoff.get()))
                                    : further.held())
                            .build())
                    .build();
        }
        return finish(end, job, closed);
    }

    private Amendment finish(RunEnd end, Job job, Execution closed) {
        boolean isFailure = closed.status() == ExecutionStatus.OK ? false : isTold(closed.status());
        boolean isSilent = closed.status() == ExecutionStatus.OK
                && (ending.result().silence().isPresent()
                        || ending.result().message().isBlank());
        if (!isFailure && (isSilent || closed.status() != ExecutionStatus.OK)) {
            return end.count(closed, Optional.of(ending.result().silence().isPresent() ? "suppressed" : "none"))
                    .build();
        }
        List<String> targets = rules.targets(job.definition(), closed.status());
        List<String> remote =
                targets.stream().filter(target -> !target.equals("local")).toList();
        Envelope.Content content = isFailure ? Envelope.Content.ALERT : Envelope.Content.RESULT;
        Optional<String> status =
                remote.isEmpty() ? Optional.of(targets.isEmpty() ? "none" : "delivered") : Optional.empty();
        return end.envelopes(closed, remote, content).count(closed, status).build();
    }

    private static boolean isTold(ExecutionStatus status) {
        return status.isFailure() || status == ExecutionStatus.BLOCKED_CONFIG;
    }

    private Execution closed(Execution row) {
        RunResult result = ending.result();
        Execution.Builder closed = row.toBuilder().status(ending.status()).finishedAt(ending.now());
        ending.reason().or(result::silence).ifPresent(why -> closed.reason(after(row, why)));
        ending.output().ifPresent(closed::output);
        if (ending.status() != ExecutionStatus.OK) {
            result.error().ifPresent(closed::error);
            result.failureKind().ifPresent(kind -> closed.failureKind(kind.word()));
        }
        return closed.build();
    }

    /** Why it began as it did (late, catch_up, a retry) stays said beside how it ended. */
    private static String after(Execution row, String why) {
        return row.reason().map(began -> began + "; " + why).orElse(why);
    }

    /** The wait before a further attempt, if the failure's kind and the budget allow one. */
    private Optional<Duration> backoff(JobDefinition definition, Execution row) {
        boolean mayRetry = ending.status() == ExecutionStatus.ERROR
                && row.trigger() == Trigger.SCHEDULE
                && ending.result()
                        .failureKind()
                        .filter(CompletionPlanner::isRetried)
                        .isPresent();
        Retry retry = definition.get(JobField.RETRY, Retry.DEFAULT);
        int most = retry.maxRetries().orElseGet(() -> rules.maxRetries(definition.workKind()));
        if (!mayRetry || row.attempt() > most) {
            return Optional.empty();
        }
        Duration first = retry.backoff().orElse(rules.backoff());
        Duration longest = retry.maxBackoff().orElse(rules.maxBackoff());
        int doublings = Math.min(row.attempt() - 1, 20);
        Duration wait = first.multipliedBy(1L << doublings);
        Duration capped = wait.compareTo(longest) > 0 ? longest : wait;
        return Optional.of(capped.plusMillis(random.nextLong(JITTER_MILLIS + 1)));
    }

    private static boolean isRetried(FailureKind kind) {
        return kind == FailureKind.TRANSIENT || kind == FailureKind.UNREACHABLE;
    }

    /** What the configuration says about ended attempts. The host implements it. */
    public interface RunRules {
        /** Further attempts after the first, where the job does not say. */
        int maxRetries(WorkKind kind);

        /** The wait before the first retry. */
        Duration backoff();

        /** The longest wait. */
        Duration maxBackoff();

        /** Where a result or an alert of that outcome goes, {@code local} included. */
        List<String> targets(JobDefinition definition, ExecutionStatus status);
    }
}
