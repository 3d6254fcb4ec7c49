package dev.kairos.app.logging;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the process's log goes; set before the first event. A process has one log, so this is its one piece of shared
 * state. Thread-safe.
 *
 * <p>Status: internal.
 */
public final class LogTarget {
    private static volatile Settings current = new Settings(Optional.empty(), false);

    /**
     * What was set.
     *
     * @param folder the folder of the log files; none is written where it is empty
     * @param alsoStandardError whether a person wants to see it too
     */
    record Settings(Optional<Path> folder, boolean alsoStandardError) {}

    private LogTarget() {}

    /** Sends the log to the home's {@code logs} folder and, when asked, to standard error too. */
    public static void aim(Path home, boolean alsoStandardError) {
        current = new Settings(Optional.of(home.resolve("logs")), alsoStandardError);
    }

    static Settings current() {
        return current;
    }
}
