package dev.kairos.api.store;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import java.nio.file.Path;
import java.util.Map;

/** Opens stores; found through {@link java.util.ServiceLoader}. Status: experimental since 0.1. */
public interface JobStoreFactory {
    /**
     * The name of the SLF4J marker of a log line that says what an opening waits for: a command shows it to the person who
     * waits too. Its text is a sentence without secrets.
     */
    String WAITING = "kairos.waiting";

    /** Whether this factory opens stores with such a URL, for example {@code jdbc:sqlite:...}. Opens nothing. */
    boolean accepts(String url);

    /**
     * Opens the store, making it where there is none. Called on the thread that builds the host; may block.
     *
     * @param url the configured URL; a relative path in it is relative to the home
     * @param home the home folder
     * @param environment the clocks, chance, files and waits of the host
     * @throws InvalidInputException if the URL cannot be one of a store; the message does not repeat its secrets
     * @throws StoreException if it cannot be opened; the message says what to do
     */
    JobStore open(String url, Path home, Environment environment);

    /**
     * Opens a store that is there, to read it: makes none, and leaves its tables in the version they have. The same thread
     * and arguments. A factory that does not override it opens as ever, and may then make or upgrade what it opens.
     *
     * @throws InvalidInputException as in {@link #open}
     * @throws StoreException of kind {@code ABSENT} if there is no store, {@code OUTDATED} if it cannot be read without an upgrade,
     *     another if it cannot be opened; the message says what to do
     */
    default JobStore openUnchanged(String url, Path home, Environment environment) {
        return open(url, home, environment);
    }

    /**
     * Opens a store that is there, to work on it as it is: as {@link #openUnchanged}, but what is written to it is kept. For
     * commands that say how things are, beside nodes of whichever version. A factory that does not override it opens as ever,
     * and may then make or upgrade what it opens.
     *
     * @throws InvalidInputException as in {@link #open}
     * @throws StoreException as in {@link #openUnchanged}
     */
    default JobStore openAsItIs(String url, Path home, Environment environment) {
        return open(url, home, environment);
    }

    /**
     * Opens the store as {@link #open} does; if it is made now, its ledger holds these facts from its first moment, so that
     * nobody ever finds it without them. A factory that does not override it makes one without.
     *
     * @param facts what {@link Ledger#facts} is to answer, by name
     * @throws InvalidInputException as in {@link #open}
     * @throws StoreException as in {@link #open}
     */
    default JobStore openWith(Map<String, String> facts, String url, Path home, Environment environment) {
        return open(url, home, environment);
    }
}
