package dev.kairos.app.logging;

import dev.kairos.orchestrator.delivery.Redactor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the process's log goes, and what stays out of it; aimed before the first event. A process has one log, so this is
 * its one piece of shared state. Thread-safe.
 *
 * <p>Status: internal.
 */
public final class LogTarget {
    private static volatile Settings current = new Settings(Optional.empty(), false);
    private static volatile Withheld withheld = new Withheld();
    private static volatile Consumer<String> waiter = line -> {};

    /**
     * What was set.
     *
     * @param folder the folder of the log files; none is written where it is empty
     * @param alsoStandardError whether a person wants to see it too
     */
    record Settings(Optional<Path> folder, boolean alsoStandardError) {}

    /** What stays out. Most commands log nothing, so nothing is made ready for it before the first line. */
    private static final class Withheld {
        private final List<String> secrets = new ArrayList<>();
        private @Nullable Redactor redactor;

        synchronized void add(Collection<String> more) {
            if (redactor == null) {
                secrets.addAll(more);
            } else {
                redactor.learn(more);
            }
        }

        synchronized Redactor redactor() {
            Redactor made = redactor;
            if (made == null) {
                made = new Redactor(secrets);
                redactor = made;
            }
            return made;
        }
    }

    private LogTarget() {}

    /**
     * Sends the log to the home's {@code logs} folder and, when asked, to standard error too. Until {@link #withhold} tells
     * the home's secrets, they are known by their shape alone.
     */
    public static void aim(Path home, boolean alsoStandardError) {
        withheld = new Withheld();
        current = new Settings(Optional.of(home.resolve("logs")), alsoStandardError);
        waiter = line -> {};
    }

    /** From now on, until the log is aimed anew, somebody hears what an opening of a store waits for. */
    public static void tellWaits(Consumer<String> person) {
        waiter = person;
    }

    static Consumer<String> waiter() {
        return waiter;
    }

    /** Keeps these values too out of every line from now on. */
    public static void withhold(Collection<String> secrets) {
        withheld.add(secrets);
    }

    /** The text without secrets. */
    public static String redacted(String text) {
        return withheld.redactor().redact(text);
    }

    static Settings current() {
        return current;
    }
}
