package dev.kairos.app.command;

import java.util.Objects;

/**
 * A command that cannot go on, in the words a person sees: one line of what, one line of what to do, and the exit code.
 *
 * <p>Status: internal.
 */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String advice;

    CommandFailure(int exitCode, String what, String advice) {
        super(what, null, false, false);
        this.exitCode = exitCode;
        this.advice = Objects.requireNonNull(advice);
    }

    static CommandFailure failed(String what, String advice) {
        return new CommandFailure(ExitCode.FAILED, what, advice);
    }

    static CommandFailure usage(String what, String advice) {
        return new CommandFailure(ExitCode.USAGE, what, advice);
    }

    static CommandFailure notFound(String what, String advice) {
        return new CommandFailure(ExitCode.NOT_FOUND, what, advice);
    }

    int exitCode() {
        return exitCode;
    }

    String advice() {
        return advice;
    }
}
