package dev.kairos.app.command;

import dev.kairos.builtin.ConfigKey;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which the store of a home lies. */
final class StoreFile {
    private static final String PREFIX = "jdbc:sqlite:";

    private StoreFile() {}

    /** Empty where the store is no file, or none that can be named. */
    static Optional<Path> of(Session session) {
        String url = session.configuration()
                .getLenient(ConfigKey.STORE_URL)
                .orElse("jdbc:sqlite:cron/state.db")
                .strip();
        if (!url.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String path = url.substring(PREFIX.length());
        try {
            return Optional.of(session.home()
                    .resolve(path.isBlank() ? "cron/state.db" : path)
                    .toAbsolutePath()
                    .normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
