package dev.kairos.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What one script did: a line of the append-only file. */
record Effect(String job, Instant scheduledAt, String execution) {
    static List<Effect> read(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Effect::parse).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Effect parse(String line) {
        String[] words = line.split(" ");
        return new Effect(words[0], Instant.parse(words[1]), words[2]);
    }
}
