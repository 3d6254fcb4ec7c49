package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.app.logging.LogTarget;
import dev.kairos.app.terminal.Io;
import dev.kairos.builtin.Nearest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * From the words typed to the command done: finds the command, loads only that one, and says every failure in plain
 * words.
 *
 * <p>Status: internal.
 */
public final class Dispatcher {
    private final Io io;
    private final Supplier<Environment> environments;

    /**
     * A dispatcher for one call.
     *
     * @param environments makes the machine's environment when a command first needs it
     */
    public Dispatcher(Io io, Supplier<Environment> environments) {
        this.io = io;
        this.environments = environments;
    }

    /** Runs the words. Never throws; the answer is the exit code. */
    public int run(String... words) {
        int exit = dispatch(words);
        Optional<String> lost = io.lostOutput();
        lost.ifPresent(why ->
                io.err().println("kairos: standard output could not be written" + (why.isEmpty() ? "" : ": " + why)));
        return lost.isPresent() && exit == ExitCode.DONE ? ExitCode.FAILED : exit;
    }

    private int dispatch(String... words) {
        Failures failures = new Failures(io);
        List<String> rest = new ArrayList<>(Arrays.asList(words));
        failures.json(wantsJson(rest));
        try {
            int at = commandAt(rest);
            if (at < 0) {
                return withoutCommand(rest);
            }
            String name = rest.remove(at);
            if (name.equals("help")) {
                return help(rest);
            }
            return run(name, rest, failures);
        } catch (CommandFailure | InvalidPathException e) {
            return failures.report(e, Optional.empty());
        } finally {
            io.out().flush();
            io.err().flush();
        }
    }

    private int run(String name, List<String> rest, Failures failures) {
        Command command = Commands.make(name).orElseThrow(() -> unknown(name));
        CommandLine line = CommandLines.of(name, command, io);
        ParseResult parsed;
        try {
            parsed = line.parseArgs(rest.toArray(String[]::new));
        } catch (ParameterException e) {
            return failures.report(UsageMistakes.explain(name, e), Optional.empty());
        }
        if (parsed.isUsageHelpRequested()) {
            line.usage(io.out());
            return ExitCode.DONE;
        }
        Arguments arguments = new Arguments(parsed);
        Path home = Homes.locate(arguments.text("--home"), io);
        LogTarget.aim(home, arguments.has("--verbose"));
        boolean wasInterrupted = false;
        try (Session session = new Session(io, environments, home, arguments.has("--json"))) {
            failures.session(session);
            LogTarget.tellWaits(session::note);
            try {
                int exit = command.run(arguments, session);
                Registration.settle(session);
                return exit;
            } catch (InterruptedException e) {
                wasInterrupted =
                        true; // said again when everything is closed: closing writes, and a flag would hinder it
                return failures.report(
                        CommandFailure.failed("interrupted", "run it again when it should go on"), Optional.of(home));
            } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
                return failures.report(e, Optional.of(home));
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where the command's name stands: the first word that is neither a common option nor one's value. */
    private static int commandAt(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--home")) {
                i++;
            } else if (!word.startsWith("-")) {
                return i;
            } else if (!CommandLines.COMMON_FLAGS.contains(word)
                    && !word.startsWith("--home=")
                    && !word.equals("--version")) {
                throw CommandFailure.usage(
                        "unknown option " + word + " before a command",
                        "put options behind the command, for example: kairos list " + word);
            }
        }
        return -1;
    }

    private static boolean wantsJson(List<String> words) {
        int end = words.indexOf("--");
        return (end < 0 ? words : words.subList(0, end)).contains("--json");
    }

    private int withoutCommand(List<String> words) {
        if (words.contains("--version")) {
            return run(
                    "version",
                    new ArrayList<>(words.contains("--json") ? List.of("--json") : List.of()),
                    new Failures(io));
        }
        if (words.contains("--json") && !words.contains("--help") && !words.contains("-h")) {
            throw CommandFailure.usage(
                    "--json answers a command, and none is given", "kairos --help lists the commands");
        }
        Overview.print(io);
        return ExitCode.DONE;
    }

    private int help(List<String> rest) {
        Optional<String> name =
                rest.stream().filter(word -> !word.startsWith("-")).findFirst();
        if (name.isEmpty()) {
            Overview.print(io);
            return ExitCode.DONE;
        }
        return run(name.get(), new ArrayList<>(List.of("--help")), new Failures(io));
    }

    private static CommandFailure unknown(String name) {
        String advice = Nearest.to(name, Commands.names())
                .map(near -> "did you mean \"kairos " + near + "\"? ")
                .orElse("");
        return CommandFailure.usage("no such command: " + name, advice + "kairos --help lists the commands");
    }
}
