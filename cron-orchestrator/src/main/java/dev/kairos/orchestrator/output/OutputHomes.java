package dev.kairos.orchestrator.output;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The homes whose nodes keep output files for one store, as a fact in it for each: several homes of a machine may share a
 * SQLite file, and each has the pages of its own runs only. Thread-safe.
 */
final class OutputHomes {
    private static final Logger LOG = LoggerFactory.getLogger("cron.output");
    private static final String PREFIX = "output-home ";

    /** So many others are asked. */
    private static final int MOST = 100;

    private final Environment environment;
    private final JobStore store;
    private final Path home;
    private volatile boolean isKnown;
    private volatile boolean isSaid;

    OutputHomes(Environment environment, JobStore store, Path home) {
        this.environment = environment;
        this.store = store;
        this.home = home.toAbsolutePath().normalize();
    }

    /** Lets other homes find the files of this one; what the store does not take now it is asked to take with the next. */
    void join() {
        if (isKnown) {
            return;
        }
        try {
            String name = PREFIX + OutputPage.digest(home.toString().getBytes(StandardCharsets.UTF_8));
            if (store.ledger().facts(name).isEmpty()) {
                store.ledger().keepFact(name, Optional.empty(), Optional.of(home.toString()));
            }
            isKnown = true;
        } catch (RuntimeException refused) {
            if (!isSaid) {
                isSaid = true;
                LOG.warn(
                        "cron.output home-unknown other homes of this store do not find its files yet; tried again with each run",
                        refused);
            }
        }
    }

    /**
     * A page from the files of another home.
     *
     * @throws IOException if no home has it, and the files of one cannot be read
     */
    Optional<String> page(String relative) throws IOException {
        IOException unreadable = null;
        for (OutputFiles files : others()) {
            try {
                Optional<String> page = files.readWhole(relative);
                if (page.isPresent()) {
                    return page;
                }
            } catch (IOException e) {
                unreadable = e;
            }
        }
        if (unreadable != null) {
            throw unreadable;
        }
        return Optional.empty();
    }

    /** Whether another home has the page. */
    boolean isThere(String relative) {
        return others().stream()
                .anyMatch(files -> files.locate(relative).filter(Files::exists).isPresent());
    }

    private List<OutputFiles> others() {
        List<OutputFiles> others = new ArrayList<>();
        for (String other : store.ledger().facts(PREFIX).values()) {
            Path path = path(other);
            if (path != null && !path.equals(home) && others.size() < MOST) {
                others.add(new OutputFiles(environment, path));
            }
        }
        return others;
    }

    private static @Nullable Path path(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute() ? path : null;
        } catch (InvalidPathException ofAnotherSystem) {
            return null;
        }
    }
}
