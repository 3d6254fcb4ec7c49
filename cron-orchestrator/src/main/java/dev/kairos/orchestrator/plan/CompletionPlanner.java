package dev.kairos.orchestrator.plan;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
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
import dev.kairos.orchestrator.OutputStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Decides what the end of an attempt means: the row's outcome, a further attempt or the end of the run, and the envelopes,
 * all in one write (behaviour.md §4, architecture.md §4).
 *
 * <p>Status: internal.
 */
public final class CompletionPlanner implements RowDecider {
    /** How the reason of the first good run after a lapse begins. */
    public static final String RECOVERED = "recovered";

    private static final long JITTER_MILLIS = 250;
    /** The longest wait that a backend may ask for. */
    private static final Duration LONGEST_ASKED = Duration.ofDays(1);

    private static final List<Duration> LADDER =
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofMinutes(30));
    private static final Set<String> RETRIED = Set.of(FailureKind.TRANSIENT.word(), FailureKind.UNREACHABLE.word());

    private final Ending ending;
    private final RunRules rules;
    private final RandomGenerator random;

    /**
     * How an attempt ended.
     *
     * @param status the outcome
     * @param result what the runner said
     * @param note what else is to be said in the ledger
     * @param output the saved output
     * @param now when
     */
    public record Ending(
            ExecutionStatus status,
            RunResult result,
            Optional<String> note,
            Optional<OutputStore.Saved> output,
            Instant now) {}

    /** A decision about one ending. */
    public CompletionPlanner(Ending ending, RunRules rules, RandomGenerator random) {
        this.ending = ending;
        this.rules = rules;
        this.random = random;
    }

    @Override
    public Amendment decide(JobView view, Execution row) {
        Amendment decided = end(view, row);
        return ending.output().map(saved -> keeping(saved, row.id(), decided)).orElse(decided);
    }

    private static Amendment keeping(OutputStore.Saved saved, String executionId, Amendment decided) {
        if (saved.page().isEmpty()) {
            return decided;
        }
        Amendment kept = decided.withOutput(executionId, saved.page().get());
        boolean isSent =
                decided.envelopes().stream().anyMatch(envelope -> envelope.content() == Envelope.Content.RESULT);
        return isSent ? kept.withFiles(saved.files()) : kept;
    }

    private Amendment end(JobView view, Execution row) {
        Execution closed = closed(view, row);
        if (CancelWish.isIn(row) && closed.status() != ExecutionStatus.OK) { // however it failed meanwhile
            Execution cancelled = closed.toBuilder()
                    .status(ExecutionStatus.CANCELLED)
                    .failures(row.failures())
                    .build();
            return RunEnd.in(view, ending.now())
                    .close(cancelled)
                    .count(cancelled, Optional.of("none"))
                    .build();
        }
        RunEnd end = RunEnd.in(view, ending.now()).close(closed);
        if (view.job().isEmpty()) {
            return end.build();
        }
        Job job = view.job().get();
        Optional<Duration> backoff = backoff(job.definition(), closed).or(() -> rung(job, closed));
        if (backoff.isPresent()) {
            Execution.Builder further = Execution.builder(Ids.execution(random), job.id(), row.scheduledAt())
                    .attempt(row.attempt() + 1)
                    .failures(closed.failures())
                    .status(ExecutionStatus.RETRY)
                    .jobVersion(job.version())
                    .reason("retry: " + closed.failureKind().orElse("failed"));
            return end.wait((job.definition().isEnabled()
                                    ? further.dueAt(ending.now().plus(backoff.get()))
                                    : further.held())
                            .build())
                    .build();
        }
        Optional<String> signedOut = signedOut(job.definition(), closed);
        return signedOut.isPresent() ? pauseUntilSignedIn(end, job, closed, signedOut.get()) : finish(end, job, closed);
    }

    /** Why a one-shot waits for somebody to sign in, if that is what its attempt failed of. */
    private Optional<String> signedOut(JobDefinition definition, Execution closed) {
        if (!Timetable.isOneShot(definition) || closed.trigger() != Trigger.SCHEDULE) {
            return Optional.empty();
        }
        return isLapse()
                ? ending.result().backend().map(SignedOut::reason)
                : ending.result().reason().filter(SignedOut::isReason);
    }

    private boolean isLapse() {
        return ending.result()
                .failureKind()
                .filter(FailureKind.SESSION_EXPIRED::equals)
                .isPresent();
    }

    /** The run goes on once somebody signed in: its next attempt is held, and nothing is counted yet. */
    private Amendment pauseUntilSignedIn(RunEnd end, Job job, Execution closed, String why) {
        JobDefinition paused = job.definition().toBuilder()
                .set(JobField.ENABLED, false)
                .set(JobField.PAUSED_AT, ending.now())
                .set(JobField.PAUSED_REASON, why)
                .set(JobField.UPDATED_AT, ending.now())
                .build();
        Execution further = Execution.builder(Ids.execution(random), job.id(), closed.scheduledAt())
                .attempt(closed.attempt() + 1)
                .failures(closed.failures())
                .status(ExecutionStatus.RETRY)
                .jobVersion(job.version())
                .reason(why)
                .held()
                .build();
        if (isLapse()) {
            end.envelopes(closed, remote(rules.targets(job.definition(), closed.status())), Envelope.Content.ALERT);
        }
        return (job.definition().isEnabled() ? end.redefine(paused) : end) // a person's own pause stands
                .wait(further)
                .build();
    }

    /** The targets that a channel delivers to. */
    static List<String> remote(List<String> targets) {
        return targets.stream().filter(target -> !target.equals("local")).toList();
    }

    private Amendment finish(RunEnd end, Job job, Execution closed) {
        boolean isKnown = ending.result()
                .reason()
                .filter(SignedOut::isReason)
                .isPresent(); // told by the run that found the lapse
        boolean isFailure = isTold(closed.status()) && !isKnown && !isToldAlready(job, closed);
        boolean isSilent = closed.status() == ExecutionStatus.OK
                && (ending.result().silence().isPresent()
                        || ending.result().message().isBlank());
        if (!isFailure && (isSilent || closed.status() != ExecutionStatus.OK)) {
            return end.count(closed, Optional.of(ending.result().silence().isPresent() ? "suppressed" : "none"))
                    .build();
        }
        List<String> targets = rules.targets(job.definition(), closed.status());
        List<String> remote = remote(targets);
        Envelope.Content content = isFailure ? Envelope.Content.ALERT : Envelope.Content.RESULT;
        Optional<String> status =
                remote.isEmpty() ? Optional.of(targets.isEmpty() ? "none" : "delivered") : Optional.empty();
        return end.envelopes(closed, remote, content).count(closed, status).build();
    }

    private static boolean isTold(ExecutionStatus status) {
        return status.isFailure() || status == ExecutionStatus.BLOCKED_CONFIG;
    }

    /** A fault of the configuration is told once, not at each run that it blocks. */
    private static boolean isToldAlready(Job job, Execution closed) {
        EngineState.LastRun last = job.engine().lastRun();
        return closed.status() == ExecutionStatus.BLOCKED_CONFIG
                && last.status().filter(closed.status().word()::equals).isPresent()
                && last.error().equals(closed.error());
    }

    /** That an agent's job runs again which was blocked the last time: whoever was told of the one is told of the other. */
    private Optional<String> mended(JobView view) {
        return view.job()
                .filter(job -> ending.status() == ExecutionStatus.OK
                        && job.definition().workKind() == WorkKind.AGENT)
                .map(job -> job.engine().lastRun())
                .filter(last -> last.status()
                        .filter(ExecutionStatus.BLOCKED_CONFIG.word()::equals)
                        .isPresent())
                .filter(last -> last.error().filter(SignedOut::isSaidBy).isEmpty()) // the gate has a note of its own
                .map(last -> RECOVERED + ": what had blocked it is mended");
    }

    private Execution closed(JobView view, Execution row) {
        RunResult result = ending.result();
        Execution.Builder closed = row.toBuilder().status(ending.status()).finishedAt(ending.now());
        Stream.of(
                        row.reason().map(CancelWish::told),
                        result.reason(),
                        ending.note().or(() -> mended(view)))
                .flatMap(Optional::stream)
                .reduce((one, other) -> one + "; " + other)
                .ifPresent(closed::reason);
        ending.output().map(OutputStore.Saved::name).ifPresent(closed::output);
        if (ending.status() != ExecutionStatus.OK) {
            result.error().ifPresent(closed::error);
            result.failureKind().ifPresent(kind -> closed.failureKind(kind.word()));
        }
        result.usage().ifPresent(closed::usage);
        Execution ended = closed.build();
        return isRetried(ended) ? ended.toBuilder().failures(row.failures() + 1).build() : ended;
    }

    /** The wait before a further attempt, if the failure's kind and the budget allow one. */
    private Optional<Duration> backoff(JobDefinition definition, Execution closed) {
        if (!isRetried(closed) || closed.failures() > budget(definition, rules)) {
            return Optional.empty();
        }
        Retry retry = definition.get(JobField.RETRY, Retry.DEFAULT);
        Duration first = retry.backoff().orElse(rules.backoff());
        Duration longest = retry.maxBackoff().orElse(rules.maxBackoff());
        int doublings = Math.min(closed.failures() - 1, 20);
        Duration wait = first.multipliedBy(1L << doublings);
        Duration capped = wait.compareTo(longest) > 0 ? longest : wait;
        Duration asked = ending.result().retryAfter().orElse(Duration.ZERO);
        Duration waited =
                asked.compareTo(capped) <= 0 ? capped : asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        return Optional.of(waited.plusMillis(random.nextLong(JITTER_MILLIS + 1)));
    }

    /**
     * The wait of a recurring agent's job that used its budget up without ever reaching its model; it ends before the job's
     * next occurrence.
     */
    private Optional<Duration> rung(Job job, Execution closed) {
        if (!isRetried(closed) || !isUnreachable(closed) || !climbs(job.definition())) {
            return Optional.empty();
        }
        int rung = closed.failures() - budget(job.definition(), rules) - 1;
        return rung >= LADDER.size()
                ? Optional.empty()
                : Optional.of(LADDER.get(rung))
                        .filter(wait -> job.engine()
                                .nextRunAt()
                                .filter(next -> ending.now().plus(wait).isBefore(next))
                                .isPresent());
    }

    private static boolean isUnreachable(Execution closed) {
        return closed.failureKind()
                .filter(FailureKind.UNREACHABLE.word()::equals)
                .isPresent();
    }

    private static boolean climbs(JobDefinition definition) {
        return definition.workKind() == WorkKind.AGENT && !Timetable.isOneShot(definition);
    }

    private static int budget(JobDefinition definition, RunRules rules) {
        return definition
                .get(JobField.RETRY, Retry.DEFAULT)
                .maxRetries()
                .orElseGet(() -> rules.maxRetries(definition.workKind()));
    }

    /** Whether the row is the last failed attempt of a retry budget that was used whole; a budget of none never is. */
    public static boolean isExhausted(JobDefinition definition, Execution closed, RunRules rules) {
        int budget = budget(definition, rules);
        boolean isOver = isUnreachable(closed) && climbs(definition)
                ? closed.failures() == budget + 1 // the ladder's failures are told by the run's end
                : closed.failures() > budget;
        return budget > 0 && isOver && isRetried(closed);
    }

    /** Whether the attempt failed in a way that is repeated while the budget lasts: only these use it up. */
    private static boolean isRetried(Execution closed) {
        return closed.status() == ExecutionStatus.ERROR
                && closed.trigger() == Trigger.SCHEDULE
                && closed.failureKind().filter(RETRIED::contains).isPresent();
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
