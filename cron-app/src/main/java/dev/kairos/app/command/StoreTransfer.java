package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.CopiedOutputs;
import dev.kairos.builtin.CopySource;
import dev.kairos.builtin.StoreContents;
import dev.kairos.builtin.StoreCopy;
import dev.kairos.builtin.StoreOpener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Copies between stores, with a word now and then about how far it is. */
final class StoreTransfer {
    private static final Duration TALK = Duration.ofSeconds(1);
    private static final List<String> ENDINGS = List.of("", "-wal", "-shm");

    private final Session session;
    private final Environment environment;
    private Duration spoke;

    StoreTransfer(Session session) {
        this.session = session;
        this.environment = session.environment();
        this.spoke = environment.uptime();
    }

    /**
     * What came of a copy.
     *
     * @param contents what both stores hold
     * @param outputs what went into it of what runs said
     * @param beside how many outputs more went along as files of the home
     * @param left how many outputs stayed out of it as files of the home
     */
    record Copied(StoreContents contents, CopiedOutputs outputs, long beside, long left) {}

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
    Copied backup(JobStore store, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        delete(part); // of a backup that was killed
        try {
            Copied copied;
            try (JobStore frozen = store.snapshot().orElse(null)) {
                CopySource source =
                        new CopySource(frozen == null ? store : frozen, shown(url(session.configuration())));
                try (JobStore copy =
                        source.openDestination("jdbc:sqlite:" + part, session.home(), environment, session::plugins)) {
                    copied = copy(source, copy, HomePages.ofBackup(session, source.store()), () -> {});
                }
            }
            Files.move(part, file);
            return copied;
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) throws IOException {
        for (String ending : ENDINGS) {
            Files.deleteIfExists(part.resolveSibling(part.getFileName() + ending));
        }
    }

    /** Copies one store into another. */
    Copied migrate(Optional<String> from, String to) {
        requireHome();
        String source = from.map(this::filled).orElseGet(() -> url(session.configuration()));
        String destination = filled(to);
        requireTwo(source, destination);
        refuseForgetful(source, "--from");
        refuseForgetful(destination, "--to");
        StoreFile.of(destination, session.home())
                .filter(file -> !file.startsWith(session.home()))
                .ifPresent(WritableFolder::requireThere);
        try (JobStore read = StoreOpener.openUnchanged(source, session.home(), environment, session::plugins)) {
            CopySource copied = new CopySource(read, shown(source));
            StoreCopy.requireWhole(read, copied.shown());
            StillStore stillSource = StillStore.of(session, read, "the source");
            try (JobStore written =
                    copied.openDestination(destination, session.home(), environment, session::plugins)) {
                requireTwo(read, written);
                StillStore stillDestination = StillStore.of(session, written, "the destination");
                return copy(copied, written, HomePages.ofMove(session, read), () -> {
                    stillSource.requireStill();
                    stillDestination.requireStill();
                });
            }
        }
    }

    /** Outputs lie in the home, and relative paths begin there: one that is not there is a slip of the pen. */
    private void requireHome() {
        if (!Files.isDirectory(session.home())) {
            throw CommandFailure.notFound(
                    "there is no home at " + session.home() + ", and none was made",
                    "--home or KAIROS_HOME names another; for a new one: mkdir -m 700 " + session.home());
        }
    }

    private void requireTwo(String source, String destination) {
        Optional<Path> read = StoreFile.of(source, session.home());
        Optional<Path> written = StoreFile.of(destination, session.home());
        boolean isOneFile = read.isPresent() && written.isPresent() && StoreFile.isSame(read.get(), written.get());
        if (isOneFile || source.equals(destination)) {
            throw CommandFailure.usage(
                    "the two stores are the same"
                            + read.map(file -> ": both are the file " + file).orElse(""),
                    "name another with --to");
        }
    }

    /** A database has many names, and the store in it one id, which a copy of its files has too. */
    private static void requireTwo(JobStore read, JobStore written) {
        String id = read.jobs().changesSince(Long.MAX_VALUE).storeId();
        if (id.equals(written.jobs().changesSince(Long.MAX_VALUE).storeId())) {
            throw CommandFailure.usage(
                    "the two stores are the same, written in two ways: both have the id " + id,
                    "name another with --to; a dump, or a copy of the files, is the same store too");
        }
    }

    private static void refuseForgetful(String url, String option) {
        if (url.toLowerCase(Locale.ROOT).startsWith("memory:")) {
            throw CommandFailure.usage(
                    option + " is a store that forgets everything when this command ends",
                    "name one that lasts, for example jdbc:sqlite:cron/state.db");
        }
    }

    /** With its variables and files, as in the configuration: a password belongs on no command line. */
    private String filled(String url) {
        return url(session.configuration().with(Map.of(ConfigKey.STORE_URL.path(), url)));
    }

    private static String url(Configuration configuration) {
        return configuration.get(ConfigKey.STORE_URL).orElseThrow().strip();
    }

    /** For whoever reads it elsewhere. */
    private String shown(String url) {
        return StoreFile.of(url, session.home())
                .map(file -> "jdbc:sqlite:" + file)
                .orElseGet(() -> StoreOpener.withoutSecrets(url));
    }

    private Copied copy(CopySource from, JobStore to, HomePages pages, Runnable last) {
        StoreCopy copy = new StoreCopy(from, to, pages, new StoreCopy.Progress() {
            @Override
            public void copied(String what, long count) {
                tell(what, count);
            }

            @Override
            public void compared() {
                last.run();
            }
        });
        try {
            return new Copied(copy.run(), copy.outputs(), pages.beside(), pages.left());
        } catch (StoreCopy.NotEmptyException e) {
            throw CommandFailure.failed(
                    "the destination cannot be filled: " + e.getMessage(), "name one that is empty");
        } catch (IllegalStateException e) {
            throw CommandFailure.failed(
                    String.valueOf(e.getMessage()),
                    "stop whatever works on them, empty the destination, and copy again");
        }
    }

    private void tell(String what, long count) {
        if (environment.uptime().minus(spoke).compareTo(TALK) >= 0) {
            spoke = environment.uptime();
            session.note("copied " + count + " " + what + " so far");
        }
    }
}
