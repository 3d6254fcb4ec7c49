package dev.kairos.app.terminal;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the terminal behind standard output how wide it is, through stty. */
final class TerminalWidth {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private TerminalWidth() {}

    /** The columns, or empty where there is no such file, no stty or no answer within a second. */
    static Optional<Integer> ask(Supplier<Environment> environment, Optional<String> path) {
        try {
            if (!Files.isSymbolicLink(STANDARD_OUTPUT) || path.isEmpty()) {
                return Optional.empty();
            }
            String device = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            ChildProcess stty = environment
                    .get()
                    .processes()
                    .start(new ProcessSpec(
                            List.of("stty", "-F", device, "size"), Path.of("/"), Map.of("PATH", path.get()), 1_024));
            if (!stty.await(Duration.ofSeconds(1))) {
                stty.killTree(Duration.ZERO);
                return Optional.empty();
            }
            String answer = stty.stdout().strip();
            return Io.wholeNumber(answer.substring(answer.indexOf(' ') + 1));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
