package dev.kairos.app.terminal;

import dev.kairos.api.env.Environment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The process's own streams, UTF-8 whatever the locale says.
 *
 * <p>Status: internal.
 */
public final class Streams {
    private Streams() {}

    /**
     * Standard input, output and error with the process's variables.
     *
     * @param environment asked only when the terminal's width must be
     */
    public static Io ofProcess(Supplier<Environment> environment) {
        PrintStream out = WatchedOutput.buffered(new FileOutputStream(FileDescriptor.out));
        PrintStream err = WatchedOutput.prompt(new FileOutputStream(FileDescriptor.err));
        Optional<String> path = Optional.ofNullable(System.getenv("PATH"));
        return new Io(
                System.in,
                out,
                err,
                System.getenv(),
                new Io.Terminals(isTerminal(0), isTerminal(1), isTerminal(2)),
                () -> TerminalWidth.ask(environment, path));
    }

    /** Linux says it for each stream; elsewhere Java knows only whether all of them are. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false;
        }
        return !Files.isDirectory(Path.of("/proc/self/fd")) && System.console() != null;
    }
}
