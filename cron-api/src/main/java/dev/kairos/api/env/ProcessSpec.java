package dev.kairos.api.env;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What to start.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param command program and arguments, never a shell string
 * @param workdir the child's working folder
 * @param environment the whole environment of the child; nothing is inherited
 * @param outputLimit bytes kept of each stream; beyond it the middle is cut and said so
 * @param input what the child finds on its standard input, in UTF-8; nothing where empty
 */
public record ProcessSpec(
        List<String> command, Path workdir, Map<String, String> environment, int outputLimit, Optional<String> input) {
    /** A child that finds nothing on its standard input. */
    public ProcessSpec(List<String> command, Path workdir, Map<String, String> environment, int outputLimit) {
        this(command, workdir, environment, outputLimit, Optional.empty());
    }

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        Objects.requireNonNull(input);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is empty");
        }
        if (outputLimit <= 0) {
            throw new IllegalArgumentException("outputLimit must be positive: " + outputLimit);
        }
    }

    /** The same child with this on its standard input. */
    public ProcessSpec withInput(String text) {
        return new ProcessSpec(command, workdir, environment, outputLimit, Optional.of(text));
    }
}
