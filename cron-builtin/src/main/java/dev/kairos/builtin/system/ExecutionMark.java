package dev.kairos.builtin.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The execution a process belongs to, as its environment says. Children inherit it through every fork, session and change of
 * parent; one that is started with an environment of its own ({@code env -i}) has lost it.
 */
final class ExecutionMark {
    /** The variable whose value is one execution's alone. */
    static final String VARIABLE = "KAIROS_EXECUTION_ID";

    private ExecutionMark() {}

    /** The execution of a process; empty if it has none, or is another user's. */
    static Optional<String> of(long pid) {
        return variable(pid, VARIABLE);
    }

    /** A variable that a process was started with; empty if it has none of the name, or is another user's. */
    static Optional<String> variable(long pid, String name) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return find(new String(environment, StandardCharsets.ISO_8859_1), name + "=");
        } catch (IOException | RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    /** Looks through entries that each end with NUL. */
    private static Optional<String> find(String environment, String prefix) {
        int start = environment.startsWith(prefix) ? 0 : environment.indexOf('\0' + prefix) + 1;
        if (start == 0 && !environment.startsWith(prefix)) {
            return Optional.empty();
        }
        int end = environment.indexOf('\0', start);
        String value = environment.substring(start + prefix.length(), end < 0 ? environment.length() : end);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
