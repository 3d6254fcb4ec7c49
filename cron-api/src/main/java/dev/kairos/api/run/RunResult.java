package dev.kairos.api.run;

import dev.kairos.api.ledger.ExecutionStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * What a runner says of one attempt. Made by the factories, added to with the {@code with} methods. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class RunResult {
    private final ExecutionStatus status;
    private final String message;
    private final Optional<String> error;
    private final Optional<FailureKind> failureKind;
    private final Optional<String> reason;
    private final Optional<String> backend;

    private RunResult(
            ExecutionStatus status,
            String message,
            Optional<String> error,
            Optional<FailureKind> failureKind,
            Optional<String> reason,
            Optional<String> backend) {
        this.status = status;
        this.message = Objects.requireNonNull(message);
        this.error = error;
        this.failureKind = failureKind;
        this.reason = reason;
        this.backend = backend;
    }

    /** It succeeded with the message to deliver; an empty message delivers nothing. */
    public static RunResult ok(String message) {
        return new RunResult(
                ExecutionStatus.OK, message, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** It succeeded and chose to say nothing. */
    public static RunResult silent(String why, String message) {
        return ok(message).withReason(why);
    }

    /** It failed. */
    public static RunResult failed(FailureKind kind, String error, String captured) {
        return notOk(ExecutionStatus.ERROR, error, captured).withFailureKind(kind);
    }

    /** It was ended because it took too long. */
    public static RunResult timedOut(String error, String captured) {
        return notOk(ExecutionStatus.TIMED_OUT, error, captured);
    }

    /** It was ended because somebody asked for it. */
    public static RunResult cancelled(String why, String captured) {
        return notOk(ExecutionStatus.CANCELLED, why, captured);
    }

    /** It could not begin: the configuration must be mended. */
    public static RunResult blocked(String error) {
        return notOk(ExecutionStatus.BLOCKED_CONFIG, error, "").withFailureKind(FailureKind.CONFIG);
    }

    private static RunResult notOk(ExecutionStatus status, String error, String captured) {
        return new RunResult(
                status, captured, Optional.of(error), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Why, in a word or words after a colon, where the outcome alone does not say; on a success, why it is silent. */
    public RunResult withReason(String why) {
        return new RunResult(status, message, error, failureKind, Optional.of(why), backend);
    }

    /** The model entry of the backend that answered, one of {@link RunRequest#backends}. */
    public RunResult withBackend(String entry) {
        return new RunResult(status, message, error, failureKind, reason, Optional.of(entry));
    }

    /**
     * The same failure, judged to be of another kind.
     *
     * @throws IllegalStateException if it did not fail
     */
    public RunResult withFailureKind(FailureKind kind) {
        if (error.isEmpty()) {
            throw new IllegalStateException("a success has no kind of failure");
        }
        return new RunResult(status, message, error, Optional.of(kind), reason, backend);
    }

    /** The same with other texts: the host redacts them. */
    public RunResult withTexts(String newMessage, Optional<String> newError) {
        if (newError.isPresent() != error.isPresent()) {
            throw new IllegalArgumentException("an error message exactly where there was one");
        }
        return new RunResult(status, newMessage, newError, failureKind, reason, backend);
    }

    /** The outcome: ok, error, timed_out, blocked_config or cancelled. */
    public ExecutionStatus status() {
        return status;
    }

    /** What is to be delivered when it is ok; the captured output otherwise; may be empty. */
    public String message() {
        return message;
    }

    /** The failure message for people, present exactly when it is not ok. */
    public Optional<String> error() {
        return error;
    }

    /** Why it failed. */
    public Optional<FailureKind> failureKind() {
        return failureKind;
    }

    /** See {@link #withReason}. */
    public Optional<String> reason() {
        return reason;
    }

    /** Why a successful run delivers nothing. */
    public Optional<String> silence() {
        return status == ExecutionStatus.OK ? reason : Optional.empty();
    }

    /** See {@link #withBackend}. */
    public Optional<String> backend() {
        return backend;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunResult that
                && status == that.status
                && message.equals(that.message)
                && error.equals(that.error)
                && failureKind.equals(that.failureKind)
                && reason.equals(that.reason)
                && backend.equals(that.backend);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, message, error, failureKind, reason, backend);
    }

    /** Without its texts, which may hold secrets. */
    @Override
    public String toString() {
        return "RunResult[" + status.word()
                + failureKind.map(kind -> " " + kind.word()).orElse("") + "]";
    }
}
