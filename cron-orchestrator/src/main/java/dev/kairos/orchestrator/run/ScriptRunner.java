package dev.kairos.orchestrator.run;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Runs a script of the home's {@code scripts} folder. Its trimmed standard output is the message.
 *
 * <p>An interrupt ends the whole process tree (TERM, five seconds, KILL); the answer is then {@code cancelled} with what
 * was captured, the thread's flag is set, and the host, which knows why it interrupted, decides what the outcome is.
 * Thread-safe. Status: internal.
 */
public final class ScriptRunner implements JobRunner {
    private static final int OUTPUT_LIMIT = 1 << 20;
    private static final Duration LOOK = Duration.ofHours(1);

    private final Map<String, String> hostEnvironment;

    /**
     * A runner for this machine.
     *
     * @param hostEnvironment the host's own variables, of which only a short list is passed on
     */
    public ScriptRunner(Map<String, String> hostEnvironment) {
        this.hostEnvironment = Map.copyOf(hostEnvironment);
    }

    @Override
    public String kind() {
        return WorkKind.SCRIPT.word();
    }

    @Override
    public RunResult run(RunRequest request) throws IOException {
        ScriptFile script;
        ProcessSpec spec;
        try {
            script = ScriptFile.resolve(
                    request.home(), request.job().definition().get(JobField.SCRIPT, ""));
            spec = spec(script, request);
        } catch (InvalidInputException refused) {
            return RunResult.blocked(refused.getMessage() + ". What to do: " + refused.accepted() + ".");
        }
        ChildProcess child;
        try {
            child = request.environment().processes().start(spec);
        } catch (NoSuchFileException missing) {
            return RunResult.blocked("The script cannot be started: " + missing.getMessage() + ". Install it or correct"
                    + " the PATH of the daemon, or of the job's env.");
        }
        child.onOutput(request::progressed);
        return result(child, script, request);
    }

    private ProcessSpec spec(ScriptFile script, RunRequest request) throws IOException {
        ScriptVariables.check(request.job().definition().get(JobField.ENV, Map.of()));
        request.environment().files().createFolder(request.stateFolder());
        return new ProcessSpec(
                script.command(),
                workdir(script, request),
                ScriptVariables.of(hostEnvironment, request, request.stateFolder()),
                OUTPUT_LIMIT);
    }

    private Path workdir(ScriptFile script, RunRequest request) {
        String wanted = request.job().definition().get(JobField.WORKDIR, "").strip();
        if (wanted.isEmpty()) {
            return script.path().resolveSibling("").toAbsolutePath();
        }
        String advice = "create the folder, or change the job's workdir to one that exists";
        try {
            Path folder = wanted.startsWith("~/")
                    ? Path.of(hostEnvironment.getOrDefault("HOME", "/"), wanted.substring(2))
                    : request.home().toAbsolutePath().resolve(wanted);
            if (!Files.isDirectory(folder)) {
                throw new InvalidInputException("workdir", wanted, "there is no such folder", advice);
            }
            return folder;
        } catch (InvalidPathException malformed) {
            throw new InvalidInputException("workdir", "", "it cannot be a folder's name", advice);
        }
    }

    private static RunResult result(ChildProcess child, ScriptFile script, RunRequest request) {
        try {
            while (!child.await(LOOK)) {
                // The bound of the attempt is the host's: it interrupts this thread.
            }
        } catch (InterruptedException ended) {
            child.killTree(request.grace());
            Thread.currentThread().interrupt();
            return RunResult.cancelled("The script was ended before it finished.", captured(child));
        }
        if (child.exitCode() == 0) {
            return RunResult.ok(clean(child.stdout()));
        }
        return RunResult.failed(FailureKind.TRANSIENT, ScriptFailure.describe(child, script), captured(child));
    }

    /** Standard output, and standard error below it where there is some. */
    private static String captured(ChildProcess child) {
        String stdout = clean(child.stdout());
        String stderr = clean(child.stderr());
        if (stderr.isEmpty()) {
            return stdout;
        }
        return (stdout.isEmpty() ? "" : stdout + "\n\n") + "[stderr]\n" + stderr;
    }

    /** Trimmed, and without the one character that neither files of text nor databases take. */
    static String clean(String text) {
        return text.replace('\0', '\uFFFD').strip();
    }
}
