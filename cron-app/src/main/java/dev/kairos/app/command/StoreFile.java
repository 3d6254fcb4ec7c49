package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.store.jdbc.SqliteStoreFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which a store lies. */
final class StoreFile {
    private static final SqliteStoreFactory SQLITE = new SqliteStoreFactory();

    private StoreFile() {}

    /** The home's own; empty where the store is no file, or none that can be named. */
    static Optional<Path> of(Session session) {
        try {
            return of(session.configuration().get(ConfigKey.STORE_URL).orElseThrow(), session.home());
        } catch (InvalidInputException e) {
            return Optional.empty(); // whoever opens it is told
        }
    }

    /**
     * That of a URL.
     *
     * @throws InvalidInputException if it should name a file and names none
     */
    static Optional<Path> of(String url, Path home) {
        return SQLITE.accepts(url) ? Optional.of(SqliteStoreFactory.fileOf(url, home)) : Optional.empty();
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
