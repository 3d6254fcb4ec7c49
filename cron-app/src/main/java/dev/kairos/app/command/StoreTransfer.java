package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
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
    private static final String FROM = "--from";
    private static final String TO = "--to";
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
                CopySource source = new CopySource(frozen == null ? store : frozen, shown(own()));
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
        NamedBy reading = new NamedBy(from.isPresent() ? FROM : ConfigKey.STORE_URL.path());
        NamedBy writing = new NamedBy(TO);
        String source = reading.open(() -> checked(from.map(this::filled).orElseGet(this::own), FROM));
        String destination = writing.open(() -> checked(filled(to), TO));
        requireTwo(source, destination);
        if (isHomes(source) || isHomes(destination)) {
            StillStore.requireNoneStopped(session);
        }
        StoreFile.of(destination, session.home())
                .filter(file -> !file.startsWith(session.home()))
                .ifPresent(WritableFolder::requireThere);
        try (JobStore read = reading.open(() -> source(source))) {
            CopySource copied = new CopySource(read, shown(source));
            StillStore stillSource = StillStore.of(session, read, "the source");
            try (JobStore written = writing.open(
                    () -> copied.openDestination(destination, session.home(), environment, session::plugins))) {
                requireTwo(read, written);
                StillStore stillDestination = StillStore.of(session, written, "the destination");
                return new NamedBy(reading.option() + " or " + TO)
                        .open(() -> copy(copied, written, HomePages.ofMove(session, read), () -> {
                            stillSource.requireStill();
                            stillDestination.requireStill();
                        }));
            }
        }
    }

    private JobStore source(String url) {
        JobStore read = StoreOpener.openUnchanged(url, session.home(), environment, session::plugins);
        try {
            StoreCopy.requireWhole(read, shown(url));
            return read;
        } catch (RuntimeException | Error trouble) {
            read.close();
            throw trouble;
        }
    }

    /** Whether the home works on it already. */
    boolean isOwn(String to) {
        return isHomes(filled(to));
    }

    private boolean isHomes(String url) {
        try {
            return isOne(own(), url);
        } catch (InvalidInputException e) {
            return false; // it works on none
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
        if (isOne(source, destination)) {
            throw CommandFailure.usage(
                    "the two stores are the same"
                            + StoreFile.of(source, session.home())
                                    .map(file -> ": both are the file " + file)
                                    .orElse(""),
                    "name another with --to");
        }
    }

    private boolean isOne(String one, String other) {
        Optional<Path> first = StoreFile.of(one, session.home());
        Optional<Path> second = StoreFile.of(other, session.home());
        return one.equals(other)
                || first.isPresent() && second.isPresent() && StoreFile.isSame(first.get(), second.get());
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

    /** It names a store that lasts, and if it should name a file, one. */
    private String checked(String url, String option) {
        if (url.toLowerCase(Locale.ROOT).startsWith("memory:")) {
            throw CommandFailure.usage(
                    option + " is a store that forgets everything when this command ends",
                    "name one that lasts, for example jdbc:sqlite:cron/state.db");
        }
        StoreFile.of(url, session.home());
        return url;
    }

    /** With its variables and files, as in the configuration: a password belongs on no command line. */
    private String filled(String url) {
        return url(session.configuration().with(Map.of(ConfigKey.STORE_URL.path(), url)));
    }

    private String own() {
        return url(session.configuration());
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
