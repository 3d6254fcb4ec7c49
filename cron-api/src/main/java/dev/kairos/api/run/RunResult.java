package dev.kairos.api.run;

import dev.kairos.api.ledger.ExecutionStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * What a runner says of one attempt.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param status ok, error, timed_out, blocked_config or cancelled
 * @param message what is to be delivered when it is ok; the captured output otherwise; may be empty
 * @param error the failure message for people, when it is not ok
 * @param failureKind why it failed
 * @param silence why a successful run delivers nothing
 */
public record RunResult(
        ExecutionStatus status,
        String message,
        Optional<String> error,
        Optional<FailureKind> failureKind,
        Optional<String> silence) {
    public RunResult {
        Objects.requireNonNull(message);
        Objects.requireNonNull(error);
        Objects.requireNonNull(failureKind);
        Objects.requireNonNull(silence);
        if (status.isOpen() || status == ExecutionStatus.SKIPPED || status == ExecutionStatus.UNKNOWN) {
            throw new IllegalArgumentException("a runner cannot answer " + status);
        }
        if ((status == ExecutionStatus.OK) == error.isPresent()) {
            throw new IllegalArgumentException("an error message exactly where it is not ok: " + status);
        }
    }

    /** It succeeded with the message to deliver; an empty message delivers nothing. */
    public static RunResult ok(String message) {
        return new RunResult(ExecutionStatus.OK, message, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** It succeeded and chose to say nothing. */
    public static RunResult silent(String why, String message) {
        return new RunResult(ExecutionStatus.OK, message, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    /** It failed. */
    public static RunResult failed(FailureKind kind, String error, String captured) {
        return new RunResult(ExecutionStatus.ERROR, captured, Optional.of(error), Optional.of(kind), Optional.empty());
    }

    /** It was ended because it took too long. */
    public static RunResult timedOut(String error, String captured) {
        return new RunResult(
                ExecutionStatus.TIMED_OUT, captured, Optional.of(error), Optional.empty(), Optional.empty());
    }

    /** It was ended because somebody asked for it. */
    public static RunResult cancelled(String why, String captured) {
        return new RunResult(ExecutionStatus.CANCELLED, captured, Optional.of(why), Optional.empty(), Optional.empty());
    }

    /** It could not begin: the configuration must be mended. */
    public static RunResult blocked(String error) {
        return new RunResult(
                ExecutionStatus.BLOCKED_CONFIG,
                "",
                Optional.of(error),
                Optional.of(FailureKind.CONFIG),
                Optional.empty());
    }
}
