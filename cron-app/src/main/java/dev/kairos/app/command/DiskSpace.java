package dev.kairos.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is left on the disk of a home. A full one stops all recording, and with it all firing. */
final class DiskSpace {
    /** Below this a person is told: the log that SQLite writes first may take some megabytes at once. */
    private static final long LITTLE = 16L << 20;

    private static final long NONE = 64L << 10;

    private DiskSpace() {}

    /** A sentence when little or nothing is left. */
    static Optional<String> want(Path home) {
        return left(home)
                .filter(bytes -> bytes < LITTLE)
                .map(bytes -> bytes < NONE
                        ? "the disk of " + home + " is full: nothing can be recorded, so nothing fires"
                        : "only " + (bytes >> 10) + " KiB are left on the disk of " + home);
    }

    /** Whether nothing more can be recorded. */
    static boolean isFull(Path home) {
        return left(home).filter(bytes -> bytes < NONE).isPresent();
    }

    /** Whether nobody can write there, whatever rights the folder gives. */
    static boolean isReadOnly(Path folder) {
        try {
            return Files.getFileStore(folder).isReadOnly();
        } catch (IOException | SecurityException unknown) {
            return false;
        }
    }

    private static Optional<Long> left(Path home) {
        try {
            return Files.exists(home) ? Optional.of(Files.getFileStore(home).getUsableSpace()) : Optional.empty();
        } catch (IOException | SecurityException unknown) {
            return Optional.empty();
        }
    }
}
