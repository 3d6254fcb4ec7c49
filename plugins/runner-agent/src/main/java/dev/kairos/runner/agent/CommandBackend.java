package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.run.FailureKind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent program as a child process: an argument vector, never a shell's text. An interrupt ends its whole process tree.
 * Stateless.
 */
final class CommandBackend implements AgentBackend {
    private static final int OUTPUT_LIMIT = 1 << 20;
    private static final int LONGEST_ARGUMENT = 120_000;
    private static final Duration LOOK = Duration.ofHours(1);
    private static final int LONGEST_SAID = 1_500;

    @Override
    public String answer(AgentSession session) throws BackendFailure, Blocked, InterruptedException {
        CommandEntry entry;
        ProcessSpec spec;
        try {
            entry = new CommandEntry(session.entry());
            spec = spec(session, entry);
        } catch (InvalidInputException refused) {
            throw Blocked.of(refused);
        }
        session.budgets().check(session.meter().used());
        session.meter().asked(session.entry());
        if (entry.usesTools()) {
            session.meter().toolCalled();
        }
        ChildProcess child = start(session, spec);
        try {
            child.onOutput(session.request()::progressed);
            while (!child.await(LOOK)) {
                // The bound of the attempt is the host's: it interrupts this thread.
            }
        } catch (InterruptedException ended) {
            child.killTree(session.request().grace());
            throw ended;
        }
        return read(child, session, entry);
    }

    private static ProcessSpec spec(AgentSession session, CommandEntry entry) throws Blocked {
        String prompt = session.told().system() + "\n\n" + session.told().user();
        if (entry.isArgument() && prompt.length() > LONGEST_ARGUMENT) {
            throw new Blocked(
                    "config",
                    "the prompt is too long for an argument of a command: set prompt: stdin in "
                            + session.entry().settings().path());
        }
        Map<String, String> variables = new LinkedHashMap<>(session.host().childVariables(session.request()));
        variables.putAll(entry.variables());
        variables.put("KAIROS_CRON_SESSION", "1");
        ProcessSpec spec = new ProcessSpec(
                entry.command(prompt.replace('\0', ' ')), session.place().folder(), variables, OUTPUT_LIMIT);
        return entry.isArgument() ? spec : spec.withInput(prompt);
    }

    private static ChildProcess start(AgentSession session, ProcessSpec spec) throws BackendFailure, Blocked {
        try {
            return session.host().environment().processes().start(spec);
        } catch (NoSuchFileException missing) {
            throw new Blocked(
                    "config",
                    "the agent program cannot be started: " + missing.getMessage() + ". Install it, correct "
                            + session.entry().path("command") + ", or give its whole path");
        } catch (IOException refused) {
            throw BackendFailure.of(
                    FailureKind.TRANSIENT,
                    "not_started",
                    "The agent program cannot be started: " + refused.getMessage());
        }
    }

    private static String read(ChildProcess child, AgentSession session, CommandEntry entry)
            throws BackendFailure, Blocked {
        String stdout = clean(child.stdout());
        Optional<CommandAnswer> answer = entry.resultPath().isPresent() ? CommandAnswer.read(stdout) : Optional.empty();
        answer.ifPresent(tree -> count(tree, session, entry));
        boolean saysError =
                answer.filter(tree -> tree.isSaid(entry.usagePath("is_error"))).isPresent();
        if (child.exitCode() != 0 || saysError) {
            throw failed(child, session, entry, answer);
        }
        if (entry.resultPath().isEmpty()) {
            return stdout;
        }
        return answer.flatMap(tree -> tree.text(entry.resultPath().orElseThrow()))
                .map(CommandBackend::clean)
                .orElseThrow(() -> BackendFailure.of(
                                FailureKind.TERMINAL,
                                "malformed",
                                session.entry().displayName() + " did not print JSON with \""
                                        + entry.resultPath().orElseThrow()
                                        + "\" in it: correct result and result_path of its entry")
                        .withRaw(captured(child)));
    }

    private static void count(CommandAnswer tree, AgentSession session, CommandEntry entry) {
        session.meter()
                .answered(
                        session.entry(),
                        tree.number(entry.usagePath("tokens_in")),
                        tree.number(entry.usagePath("tokens_out")));
        session.meter()
                .told(
                        Optional.of((int) Math.min(1_000_000, tree.number(entry.usagePath("turns")))),
                        tree.amount(entry.usagePath("cost")));
    }

    private static BackendFailure failed(
            ChildProcess child, AgentSession session, CommandEntry entry, Optional<CommandAnswer> answer)
            throws Blocked {
        FailureKind kind;
        try {
            kind = entry.kind(child.exitCode()).orElse(FailureKind.TRANSIENT);
        } catch (InvalidInputException refused) {
            throw Blocked.of(refused);
        }
        String said = answer.flatMap(tree -> tree.text(entry.resultPath().orElse("result")))
                .or(() -> List.of(clean(child.stderr()), clean(child.stdout())).stream()
                        .filter(text -> !text.isEmpty())
                        .findFirst())
                .orElse("it said nothing");
        String plain = session.entry().displayName()
                + (child.exitCode() == 0
                        ? " says that it failed: "
                        : " ended with exit code " + child.exitCode() + ": ")
                + (said.length() > LONGEST_SAID ? "... " + said.substring(said.length() - LONGEST_SAID) : said);
        return BackendFailure.of(kind, "command_failed", plain).withRaw(captured(child));
    }

    private static String captured(ChildProcess child) {
        String stdout = clean(child.stdout());
        String stderr = clean(child.stderr());
        return stderr.isEmpty() ? stdout : (stdout.isEmpty() ? "" : stdout + "\n\n") + "[stderr]\n" + stderr;
    }

    private static String clean(String text) {
        return text.replace('\0', '\uFFFD').strip();
    }
}
