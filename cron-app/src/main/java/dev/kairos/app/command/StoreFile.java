package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.builtin.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which a store lies. */
final class StoreFile {
    private static final String PREFIX = "jdbc:sqlite:";

    private StoreFile() {}

    /** The home's own; empty where the store is no file, or none that can be named. */
    static Optional<Path> of(Session session) {
        try {
            return of(session.configuration().get(ConfigKey.STORE_URL).orElseThrow(), session.home());
        } catch (InvalidInputException e) {
            return Optional.empty(); // whoever opens it is told
        }
    }

    /** That of a URL. */
    static Optional<Path> of(String url, Path home) {
        String text = url.strip();
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String path = text.substring(PREFIX.length());
        try {
            return Optional.of(home.resolve(path.isBlank() ? "cron/state.db" : path)
                    .toAbsolutePath()
                    .normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether both paths lead to one file, over links too. */
    static boolean isSame(Path one, Path other) {
        try {
            return one.equals(other) || Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // one that cannot be looked at cannot be opened either
        }
    }

    /** That the home's own store is not there, and who says that it should be. */
    static CommandFailure absent(Session session) {
        Optional<String> namer = session.configuration().placeOf(ConfigKey.STORE_URL);
        Optional<Path> file = of(session).filter(path -> !Files.exists(path));
        if (namer.isEmpty() || file.isEmpty() || !Files.isDirectory(session.home())) {
            return CommandFailure.notFound(
                    "there is no store at " + session.home(),
                    "kairos add makes it with the first job; --home or KAIROS_HOME names another");
        }
        return CommandFailure.notFound(
                "there is no store at " + file.get() + ", which is named by " + namer.get(),
                "correct that, or take it away; a path that begins with no slash is looked for in the home "
                        + session.home() + "; kairos add makes a store with the first job");
    }
}
