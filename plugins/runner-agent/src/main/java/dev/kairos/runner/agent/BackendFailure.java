package dev.kairos.runner.agent;

import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import java.time.Duration;
import java.util.Optional;

/**
 * A back end did not answer: its kind, a word for the ledger, plain words for the user, and what it said itself, which goes
 * to the output file alone. Made by the factory, added to with the {@code with} methods.
 */
final class BackendFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String word;
    private final String raw;
    private final boolean isWorthAnotherModel;
    private final transient Optional<Duration> retryAfter;

    private BackendFailure(
            FailureKind kind,
            String word,
            String plain,
            String raw,
            boolean isWorthAnotherModel,
            Optional<Duration> retryAfter) {
        super(plain);
        this.kind = kind;
        this.word = word;
        this.raw = raw;
        this.isWorthAnotherModel = isWorthAnotherModel;
        this.retryAfter = retryAfter;
    }

    static BackendFailure of(FailureKind kind, String word, String plain) {
        return new BackendFailure(kind, word, plain, "", false, Optional.empty());
    }

    /** The same with what the back end said, raw. */
    BackendFailure withRaw(String said) {
        return new BackendFailure(kind, word, plain(), said, isWorthAnotherModel, retryAfter);
    }

    /** The same, and another model may well answer. */
    BackendFailure worthAnotherModel() {
        return new BackendFailure(kind, word, plain(), raw, true, retryAfter);
    }

    /** The same, and the back end wants to be left alone for so long. */
    BackendFailure withRetryAfter(Optional<Duration> wait) {
        return new BackendFailure(kind, word, plain(), raw, isWorthAnotherModel, wait);
    }

    FailureKind kind() {
        return kind;
    }

    String word() {
        return word;
    }

    String raw() {
        return raw;
    }

    String plain() {
        return String.valueOf(getMessage());
    }

    boolean isWorthAnotherModel() {
        return isWorthAnotherModel;
    }

    /**
     * As the host takes it.
     *
     * @param mayRepeat false where a tool was called, so that the host must not begin again by itself
     */
    RunResult result(boolean mayRepeat) {
        boolean isRepeated = kind == FailureKind.TRANSIENT || kind == FailureKind.UNREACHABLE;
        FailureKind judged = isRepeated && !mayRepeat ? FailureKind.TERMINAL : kind;
        String note = isRepeated && !mayRepeat
                ? " It had called tools already, so it is not tried again by itself; retry.after_tools would."
                : "";
        RunResult result =
                kind == FailureKind.CONFIG ? RunResult.blocked(plain()) : RunResult.failed(judged, plain() + note, raw);
        RunResult named = result.withReason(word);
        return retryAfter.map(named::withRetryAfter).orElse(named);
    }
}
