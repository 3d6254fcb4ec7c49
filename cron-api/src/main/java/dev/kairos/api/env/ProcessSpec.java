package dev.kairos.api.env;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param command program and arguments, never a shell string
 * @param workdir the child's working folder
 * @param environment the whole environment of the child; nothing is inherited
 * @param outputLimit bytes kept of each stream; beyond it the middle is cut and said so
 */
public record ProcessSpec(List<String> command, Path workdir, Map<String, String> environment, int outputLimit) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is empty");
        }
        if (outputLimit <= 0) {
            throw new IllegalArgumentException("outputLimit must be positive: " + outputLimit);
        }
    }
}
