package dev.kairos.runner.agent;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an agent works: the job's workdir, else its private state folder; and what that folder tells agents.
 *
 * @param folder an absolute path
 * @param isChosen whether the job names it
 */
record Workplace(Path folder, boolean isChosen) {
    private static final List<String> NOTES = List.of("AGENTS.md", "CLAUDE.md");
    private static final int LONGEST = 60_000;

    static Workplace of(JobDefinition job, Path stateFolder, Map<String, String> variables) throws Blocked {
        String wanted = job.get(JobField.WORKDIR, "").strip();
        if (wanted.isEmpty()) {
            return new Workplace(stateFolder.toAbsolutePath(), false);
        }
        try {
            Path folder = wanted.startsWith("~/")
                    ? Path.of(variables.getOrDefault("HOME", "/"), wanted.substring(2))
                    : Path.of(wanted);
            if (folder.isAbsolute() && Files.isDirectory(folder)) {
                return new Workplace(folder, true);
            }
        } catch (InvalidPathException malformed) {
            // said below
        }
        throw new Blocked(
                "config",
                "the job's workdir " + wanted + " is no folder on this machine: make it, or change the job's workdir");
    }

    /**
     * A note for agents.
     *
     * @param name the file's name
     * @param text its content
     */
    record Note(String name, String text) {}

    /** What the project tells agents: AGENTS.md, or else CLAUDE.md. */
    Optional<Note> note(Environment environment) throws IOException {
        if (!isChosen) {
            return Optional.empty();
        }
        for (String name : NOTES) {
            Path file = folder.resolve(name);
            Optional<byte[]> bytes =
                    Files.isRegularFile(file) ? environment.files().read(file) : Optional.empty();
            if (bytes.isPresent()) {
                String text = new String(bytes.get(), StandardCharsets.UTF_8).strip();
                return Optional.of(new Note(
                        name, text.length() > LONGEST ? text.substring(0, LONGEST) + "\n[... cut here ...]" : text));
            }
        }
        return Optional.empty();
    }
}
