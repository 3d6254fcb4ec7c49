package dev.kairos.api.run;

import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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
    private final Optional<Usage> usage;
    private final Optional<Duration> retryAfter;
    private final List<String> attachments;

    private RunResult(Parts parts) {
        status = parts.status;
        message = Objects.requireNonNull(parts.message);
        error = parts.error;
        failureKind = parts.failureKind;
        reason = parts.reason;
        backend = parts.backend;
        usage = parts.usage;
        retryAfter = parts.retryAfter;
        attachments = List.copyOf(parts.attachments);
    }

    /** What a result is made of, while it is made. */
    private static final class Parts {
        private final ExecutionStatus status;
        private String message;
        private Optional<String> error = Optional.empty();
        private Optional<FailureKind> failureKind = Optional.empty();
        private Optional<String> reason = Optional.empty();
        private Optional<String> backend = Optional.empty();
        private Optional<Usage> usage = Optional.empty();
        private Optional<Duration> retryAfter = Optional.empty();
        private List<String> attachments = List.of();

        Parts(ExecutionStatus status, String message) {
            this.status = status;
            this.message = message;
        }
    }

    private RunResult with(Consumer<Parts> change) {
        Parts parts = new Parts(status, message);
        parts.error = error;
        parts.failureKind = failureKind;
        parts.reason = reason;
        parts.backend = backend;
        parts.usage = usage;
        parts.retryAfter = retryAfter;
        parts.attachments = attachments;
        change.accept(parts);
        return new RunResult(parts);
    }

    /** It succeeded with the message to deliver; an empty message delivers nothing. */
    public static RunResult ok(String message) {
        return new RunResult(new Parts(ExecutionStatus.OK, message));
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
        return new RunResult(new Parts(status, captured)).with(parts -> parts.error = Optional.of(error));
    }

    /** Why, in a word or words after a colon, where the outcome alone does not say; on a success, why it is silent. */
    public RunResult withReason(String why) {
        return with(parts -> parts.reason = Optional.of(why));
    }

    /** The model entry of the backend that answered, one of {@link RunRequest#backends}. */
    public RunResult withBackend(String entry) {
        return with(parts -> parts.backend = Optional.of(entry));
    }

    /** What it used of its model. */
    public RunResult withUsage(Usage used) {
        return with(parts -> parts.usage = Optional.of(used));
    }

    /** How long the backend asked to be left alone: a further attempt does not begin earlier. */
    public RunResult withRetryAfter(Duration wait) {
        return with(parts -> parts.retryAfter = Optional.of(wait));
    }

    /**
     * The files that are to be delivered after the message, beside those that it names itself in lines {@code
     * MEDIA:/absolute/path}. The host takes those inside the job's workdir, its state folder or the kept outputs, and says
     * in the message which others it did not take.
     *
     * @param paths absolute, each on one line
     */
    public RunResult withAttachments(List<String> paths) {
        return with(parts -> parts.attachments = paths);
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
        return with(parts -> parts.failureKind = Optional.of(kind));
    }

    /** The same with other texts: the host redacts them. */
    public RunResult withTexts(String newMessage, Optional<String> newError) {
        if (newError.isPresent() != error.isPresent()) {
            throw new IllegalArgumentException("an error message exactly where there was one");
        }
        return with(parts -> {
            parts.message = newMessage;
            parts.error = newError;
        });
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

    /** See {@link #withUsage}. */
    public Optional<Usage> usage() {
        return usage;
    }

    /** See {@link #withRetryAfter}. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** See {@link #withAttachments}. */
    public List<String> attachments() {
        return attachments;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunResult that
                && status == that.status
                && message.equals(that.message)
                && error.equals(that.error)
                && failureKind.equals(that.failureKind)
                && reason.equals(that.reason)
                && backend.equals(that.backend)
                && usage.equals(that.usage)
                && retryAfter.equals(that.retryAfter)
                && attachments.equals(that.attachments);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, message, error, failureKind, reason, backend, usage, retryAfter, attachments);
    }

    /** Without its texts, which may hold secrets. */
    @Override
    public String toString() {
        return "RunResult[" + status.word()
                + failureKind.map(kind -> " " + kind.word()).orElse("") + "]";
    }
}
