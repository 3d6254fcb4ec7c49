package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.store.StoreException;
import dev.kairos.app.logging.LogTarget;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Json;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.jobs.AmbiguousJobException;
import dev.kairos.orchestrator.jobs.JobConflictException;
import dev.kairos.orchestrator.jobs.JobNotFoundException;
import dev.kairos.orchestrator.jobs.NotPermittedException;
import dev.kairos.orchestrator.jobs.RefusedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Says any failure as one line of what and one line of what to do; never a stack trace. */
final class Failures {
    private static final String WHAT_TO_DO = ". What to do: ";

    private final Io io;
    private boolean json;
    private @Nullable Session session;

    Failures(Io io) {
        this.io = io;
    }

    /** Whether standard output must carry a JSON document even now. */
    void json(boolean wanted) {
        json = wanted;
    }

    /** The session that may have written its document already. */
    void session(Session current) {
        session = current;
    }

    /**
     * Reports it.
     *
     * @return the exit code
     */
    int report(Throwable failure, Optional<Path> home) {
        CommandFailure told = inPlainWords(failure, home);
        io.out().flush();
        io.err().println("kairos: " + TextWidth.plain(String.valueOf(told.getMessage())));
        io.err().println("  " + TextWidth.plain(told.advice()));
        if (json && (session == null || !session.hasDocument())) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("what", String.valueOf(told.getMessage()));
            error.put("do", told.advice());
            error.put("exit", told.exitCode());
            io.out().println(Json.document(Map.of("error", error)));
        }
        return told.exitCode();
    }

    /** What happened and what to do, whatever was thrown. */
    static CommandFailure inPlainWords(Throwable failure, Optional<Path> home) {
        if (failure instanceof CommandFailure told) {
            return told;
        }
        if (failure instanceof JobNotFoundException || failure instanceof AmbiguousJobException) {
            InvalidInputException refused = (InvalidInputException) failure;
            return CommandFailure.notFound(String.valueOf(refused.getMessage()), refused.accepted());
        }
        if (failure instanceof RefusedException
                || failure instanceof JobConflictException
                || failure instanceof NotPermittedException) {
            InvalidInputException refused = (InvalidInputException) failure;
            return CommandFailure.failed(String.valueOf(refused.getMessage()), refused.accepted());
        }
        if (failure instanceof InvalidInputException refused) {
            return CommandFailure.usage(String.valueOf(refused.getMessage()), refused.accepted());
        }
        if (failure instanceof StoreException store) {
            return store(store);
        }
        if (failure instanceof FileSystemException file) {
            return file(file);
        }
        return unexpected(failure, home);
    }

    private static CommandFailure store(StoreException failure) {
        String message = String.valueOf(failure.getMessage());
        switch (failure.kind()) {
            case FULL:
                return saysWhatToDo(message, "make room on the disk and try again");
            case TRANSIENT:
                return message.contains(WHAT_TO_DO)
                        ? saysWhatToDo(message, "")
                        : CommandFailure.failed(message, "try again in a moment; kairos doctor says more");
            case NODE_LOST:
                return CommandFailure.failed(message, "run the command again");
            default:
                return saysWhatToDo(
                        message, "check that the home can be read and written by you; kairos doctor says more");
        }
    }

    /** A message of a store or a runner says what to do itself, behind these words or its last colon; what to advise where it does not. */
    static CommandFailure saysWhatToDo(String message, String otherwise) {
        int marked = message.indexOf(WHAT_TO_DO);
        if (marked > 0) {
            return CommandFailure.failed(message.substring(0, marked), message.substring(marked + WHAT_TO_DO.length()));
        }
        int advice = message.lastIndexOf(": ");
        return advice > 0
                ? CommandFailure.failed(message.substring(0, advice), message.substring(advice + 2))
                : CommandFailure.failed(message, otherwise);
    }

    private static CommandFailure file(FileSystemException failure) {
        return CommandFailure.failed(
                PlainWords.of(failure), "check the path, its permissions and the free space, then try again");
    }

    /** Ours to mend: the stack goes to the log, a person gets a sentence. */
    private static CommandFailure unexpected(Throwable failure, Optional<Path> home) {
        LoggerFactory.getLogger("cron.cli").error("unexpected failure", failure);
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return CommandFailure.failed(
                "this should not have happened: "
                        + LogTarget.redacted(text).lines().findFirst().orElse(""),
                home.map(folder -> "the details are in "
                                + folder.resolve("logs").resolve("kairos.log") + "; please report them")
                        .orElse("please report it"));
    }
}
