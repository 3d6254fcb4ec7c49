package dev.kairos.app.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Folders that we made and take away again. */
final class Folders {
    private Folders() {}

    /** A fresh folder that nobody else may look into; the caller deletes it. */
    static Path temporary(String name) throws IOException {
        return Files.createTempDirectory(name);
    }

    /** Deletes a folder and everything in it, following no link. */
    static void deleteTree(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(folder)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause()); // a folder in it cannot be listed
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
