package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.StoreContents;
import dev.kairos.builtin.StoreCopy;
import dev.kairos.builtin.StoreOpener;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Copies between stores, with a word now and then about how far it is. */
final class StoreTransfer {
    private static final Duration TALK = Duration.ofSeconds(1);

    private final Session session;
    private final Environment environment;
    private Duration spoke;

    StoreTransfer(Session session) {
        this.session = session;
        this.environment = session.environment();
        this.spoke = environment.uptime();
    }

    /** What the store holds at one instant, whoever writes meanwhile. */
    static StoreContents contents(JobStore store) {
        try (JobStore frozen = store.snapshot().orElse(null)) {
            return StoreContents.of(frozen == null ? store : frozen);
        }
    }

    /**
     * Writes the store, as it is at one instant, into a new file, which is there whole or not at all.
     *
     * @throws IOException if it cannot be put in its place
     */
    StoreContents backup(JobStore store, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part); // of a backup that was killed
        try {
            StoreContents contents;
            try (JobStore frozen = store.snapshot().orElse(null);
                    JobStore copy = open("jdbc:sqlite:" + part)) {
                contents = copy(frozen == null ? store : frozen, copy, new NoFiles(store));
            }
            Files.move(part, file);
            return contents;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Copies one store into another. */
    StoreContents migrate(Optional<String> from, String to) {
        String source = from.map(this::filled).orElseGet(() -> url(session.configuration()));
        if (source.equals(filled(to))) {
            throw CommandFailure.usage("the two stores are the same", "name another with --to");
        }
        try (JobStore read = open(source);
                JobStore copied = open(filled(to))) {
            refuseLive(read, "the source");
            refuseLive(copied, "the destination");
            OutputFiles files = new OutputFiles(environment, session.home());
            return copy(read, copied, new HomeFiles(new KeptOutputs(environment, files, read, KeptOutputs.KEPT)));
        }
    }

    /** With its variables and files, as in the configuration: a password belongs on no command line. */
    private String filled(String url) {
        return url(session.configuration().with(Map.of(ConfigKey.STORE_URL.path(), url)));
    }

    private static String url(Configuration configuration) {
        return configuration.get(ConfigKey.STORE_URL).orElseThrow().strip();
    }

    private JobStore open(String url) {
        return StoreOpener.open(url, session.home(), environment, session::plugins);
    }

    private void refuseLive(JobStore store, String which) {
        if (!LiveNodes.of(store, environment.nodeProbe()).isEmpty()) {
            throw CommandFailure.failed(
                    "a daemon works on " + which + ", or one that died elsewhere has not been noticed yet",
                    "stop every \"kairos serve\" on both stores; kairos status names them");
        }
    }

    private StoreContents copy(JobStore from, JobStore to, StoreCopy.Outputs outputs) {
        try {
            return new StoreCopy(from, to, outputs, this::copied).run();
        } catch (StoreCopy.NotEmptyException e) {
            throw CommandFailure.failed(
                    "the destination cannot be filled: " + e.getMessage(), "name one that is empty");
        } catch (IllegalStateException e) {
            throw CommandFailure.failed(
                    String.valueOf(e.getMessage()),
                    "stop whatever works on them, empty the destination, and copy again");
        }
    }

    private void copied(String what, long count) {
        if (environment.uptime().minus(spoke).compareTo(TALK) >= 0) {
            spoke = environment.uptime();
            session.note("copied " + count + " " + what + " so far");
        }
    }

    /** A backup goes with the home's files: what a store keeps itself is in no file, so it is taken along. */
    private record NoFiles(JobStore store) implements StoreCopy.Outputs {
        @Override
        public Optional<String> page(Execution row) {
            return store.ledger().output(row.id());
        }

        @Override
        public void keep(Execution row, String page) {
            // a copy on SQLite has no place for it; the newest are files of the home that ran them
        }
    }

    private record HomeFiles(KeptOutputs outputs) implements StoreCopy.Outputs {
        @Override
        public Optional<String> page(Execution row) throws IOException {
            return outputs.page(row);
        }

        @Override
        public void keep(Execution row, String page) throws IOException {
            outputs.restore(row, page);
        }
    }
}
