package dev.kairos.builtin.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The execution a process belongs to, as its environment says; children inherit it whatever else they shake off. */
final class ExecutionMark {
    /** The variable whose value is one execution's alone. */
    static final String VARIABLE = "KAIROS_EXECUTION_ID";

    private static final String PREFIX = VARIABLE + "=";

    private ExecutionMark() {}

    /** The execution of a process; empty if it has none, or is another user's. */
    static Optional<String> of(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return find(new String(environment, StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    /** Looks through entries that each end with NUL. */
    private static Optional<String> find(String environment) {
        int start = environment.startsWith(PREFIX) ? 0 : environment.indexOf('\0' + PREFIX) + 1;
        if (start == 0 && !environment.startsWith(PREFIX)) {
            return Optional.empty();
        }
        int end = environment.indexOf('\0', start);
        String value = environment.substring(start + PREFIX.length(), end < 0 ? environment.length() : end);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
