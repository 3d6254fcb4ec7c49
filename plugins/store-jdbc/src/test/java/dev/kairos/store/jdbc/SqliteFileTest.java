package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file on disk: where it lies, who may read it, and what is said when it cannot be used. */
class SqliteFileTest {
    private final JobStoreFactory factory = new SqliteStoreFactory();

    @TempDir
    Path home;

    private JobStore open(String url) {
        return factory.open(url, home, new RealTime());
    }

    private static Job job(String id) {
        return new Job(
                id,
                JobDefinition.builder()
                        .set(JobField.SCHEDULE, Schedule.interval(Duration.ofMinutes(1), ZoneOffset.UTC))
                        .set(JobField.PROMPT, "x".repeat(2_000))
                        .build(),
                1,
                EngineState.fresh());
    }

    private static List<Job> jobs(String prefix, int count) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(job(prefix + i));
        }
        return jobs;
    }

    private void execute(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private void assertUnusable(String url, String... words) {
        assertThatThrownBy(() -> open(url).jobs().list())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .message()
                .contains(words);
    }

    @Test
    void theFactoryIsFoundAndTakesSqliteUrlsOnly() {
        assertThat(ServiceLoader.load(JobStoreFactory.class)).anyMatch(SqliteStoreFactory.class::isInstance);
        assertThat(factory.accepts("jdbc:sqlite:x.db")).isTrue();
        assertThat(factory.accepts("jdbc:postgresql://h/db")).isFalse();
        assertThat(factory.accepts("memory:")).isFalse();
    }

    @Test
    void aRelativePathIsInsideTheHome() {
        open("jdbc:sqlite:other/place.db").close();

        assertThat(home.resolve("other/place.db")).isRegularFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:sqlite:", " jdbc:sqlite:  "})
    void withoutAPathItIsRefused(String url) {
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it names no file");
        assertThat(home.resolve("cron")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.db;password=hunter2", "a.db; Password = hunter2", "a.db?password=hunter2"})
    void aPasswordIsRefusedAndNotRepeated(String path) {
        assertThatThrownBy(() -> open("jdbc:sqlite:" + path))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("hunter2");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aSemicolonMayStandInAName() {
        open("jdbc:sqlite:a;b.db").close();

        assertThat(home.resolve("a;b.db")).isRegularFile();
    }

    @Test
    void filesAndFolderArePrivateTheLogIncluded() throws Exception {
        try (JobStore store = open("jdbc:sqlite:cron/state.db")) {
            store.jobs().create(List.of(job("a")));

            assertThat(rights(home.resolve("cron"))).isEqualTo("rwx------");
            assertThat(rights(home.resolve("cron/state.db"))).isEqualTo("rw-------");
            assertThat(rights(home.resolve("cron/state.db-wal"))).isEqualTo("rw-------");
            assertThat(rights(home.resolve("cron/state.db-shm"))).isEqualTo("rw-------");
        }
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        try (JobStore store = open("jdbc:sqlite:state.db")) {
            store.jobs().create(List.of(job("a")));
        }
        try (JobStore store = open("jdbc:sqlite:state.db")) {
            assertThat(store.jobs().list()).containsExactly(job("a"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:sqlite::memory:", "jdbc:sqlite:file:x?mode=ro", "jdbc:sqlite:a.db?cache=shared"})
    void aUrlThatNamesNoPlainFileIsRefusedWithAnExample(String url) {
        assertThatThrownBy(() -> open(url)).isInstanceOfSatisfying(InvalidInputException.class, e -> {
            assertThat(e.where()).isEqualTo("store.url");
            assertThat(e.accepted()).contains("jdbc:sqlite:cron/state.db");
        });
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAsItIs() throws Exception {
        Path file = home.resolve("state.db");
        String text = "these are notes, not a database\n".repeat(100);
        Files.writeString(file, text);

        assertUnusable("jdbc:sqlite:state.db", file.toString(), "is no SQLite file", "move it away");

        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void aDatabaseOfAnotherProgramIsLeftAsItIs() throws Exception {
        Path file = home.resolve("state.db");
        execute(file, "CREATE TABLE photos (id INTEGER)");
        byte[] before = Files.readAllBytes(file);

        assertUnusable("jdbc:sqlite:state.db", "another program", "store.url");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aNewerSchemaIsRefusedWithAClearWord() throws Exception {
        open("jdbc:sqlite:state.db").close();
        execute(home.resolve("state.db"), "PRAGMA user_version = 99");

        assertUnusable("jdbc:sqlite:state.db", "newer Kairos", "version 99", "up to " + Migrations.NEWEST, "upgrade");
    }

    @Test
    void aFolderInPlaceOfTheFileIsExplained() throws Exception {
        Files.createDirectories(home.resolve("state.db"));

        assertUnusable("jdbc:sqlite:state.db", "state.db", "cannot be opened");
    }

    @Test
    void aFileInPlaceOfTheFolderIsExplained() throws Exception {
        Files.writeString(home.resolve("cron"), "not a folder");

        assertUnusable(
                "jdbc:sqlite:cron/state.db", "cannot be made (" + home.resolve("cron") + " is no folder)", "store.url");
    }

    @Test
    void aDamagedFileIsExplainedAndNotMended() throws Exception {
        Path file = home.resolve("state.db");
        try (JobStore store = open("jdbc:sqlite:state.db")) {
            store.jobs().create(jobs("job", 200));
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] noise = "damaged ".repeat(bytes.length / 16).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(noise, 0, bytes, 4_096, Math.min(noise.length, bytes.length - 4_096));
        Files.write(file, bytes);

        assertUnusable("jdbc:sqlite:state.db", "is damaged", "backup");

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void afterAFullDiskNothingOfTheWriteIsThereAndTheStoreGoesOn() {
        try (JdbcStore store = (JdbcStore) open("jdbc:sqlite:state.db")) {
            store.jobs().create(List.of(job("before")));
            leaveNoRoom(store);

            assertThatThrownBy(() -> store.jobs().create(jobs("many", 2_000)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL))
                    .message()
                    .contains("is full", "nothing was written", "free some space");

            assertThat(store.jobs().list()).containsExactly(job("before"));
            assertThat(store.jobs().create(List.of(job("after")))).isEmpty();
        }
    }

    /** Lets the writing connection use no more pages than there are: a full disk of our own making. */
    private static void leaveNoRoom(JdbcStore store) {
        store.database().write(transaction -> {
            Session session = transaction.session();
            long pages = session.sql("PRAGMA page_count").first(Cells::number).orElseThrow();
            return session.sql("PRAGMA max_page_count = " + pages).first(Cells::number);
        });
    }

    @Test
    void aWriteWaitsForAnotherProcessWithinABoundAndReadersAreNotHeldUp() throws Exception {
        Path file = home.resolve("state.db");
        try (JobStore store = factory.open("jdbc:sqlite:state.db", home, new RealTime(10));
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            store.jobs().create(List.of(job("a")));
            statement.execute("BEGIN IMMEDIATE");

            assertThat(store.jobs().list()).hasSize(1);
            assertThatThrownBy(() -> store.jobs().create(List.of(job("b"))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                    .message()
                    .contains("held by another process", "try again");

            statement.execute("ROLLBACK");
            assertThat(store.jobs().create(List.of(job("b")))).isEmpty();
        }
    }

    @Test
    void severalStoresThatMakeTheSameFileAtOnceAllOpenIt() throws Exception {
        int openers = 8;
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(openers);
        try {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < openers; i++) {
                Callable<String> opener = () -> {
                    gate.await();
                    try (JobStore store = open("jdbc:sqlite:state.db")) {
                        return store.jobs().changesSince(0).storeId();
                    }
                };
                ids.add(threads.submit(opener));
            }
            gate.countDown();

            List<String> seen = new ArrayList<>();
            for (Future<String> id : ids) {
                seen.add(id.get(60, TimeUnit.SECONDS));
            }
            assertThat(seen).hasSize(openers).containsOnly(seen.get(0));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aClosedStoreSaysSoAndClosesTwice() {
        JobStore store = open("jdbc:sqlite:state.db");
        store.close();

        assertThatCode(store::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> store.jobs().list())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.jobs().create(List.of(job("a"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void pruningForgetsRemovalsBeyondTheLatestTenThousand() {
        try (JdbcStore store = (JdbcStore) open("jdbc:sqlite:state.db")) {
            store.database().write(transaction -> {
                for (int i = 1; i <= 10_050; i++) {
                    transaction.batch(
                            "gone",
                            transaction
                                    .sql("INSERT INTO removals (job_id, moved) VALUES (?, ?)")
                                    .text("gone-" + i)
                                    .number(i));
                }
                return true;
            });

            store.ledger().prune(StoreProcess.NOW, 10_000);

            assertThat(store.jobs().changesSince(0).jobIds())
                    .hasSize(10_000)
                    .contains("gone-51")
                    .doesNotContain("gone-50");
        }
    }

    @Test
    void aStoreOfTheFirstVersionIsBroughtUpToDateWithWhatItHolds() throws Exception {
        Path file = home.resolve("state.db");
        for (String sql : script(1).split(";\\s*\n")) {
            execute(file, sql);
        }
        execute(file, "INSERT INTO store VALUES (1, 'first', 7, 0, 0, 0, 0)");
        execute(
                file,
                "INSERT INTO executions (seq, id, job_id, trigger_word, scheduled_at, attempt, status, fence, job_version)"
                        + " VALUES (1, 'e', 'j', 'schedule', 0, 2, 'error', 1, 1)");
        for (String target : List.of("telegram:1:2", "ntfy")) {
            execute(
                    file,
                    "INSERT INTO envelopes (execution_id, content, target, job_id, state, attempts, next_attempt_at, fence,"
                            + " receipts) VALUES ('e', 'result', '" + target + "', 'j', 'pending', 0, 0, 0, '[]')");
        }
        execute(file, "PRAGMA user_version = 1");
        execute(file, "PRAGMA application_id = 1262569810");

        try (JobStore store = open("jdbc:sqlite:state.db")) {
            assertThat(store.jobs().changesSince(0).storeId()).isEqualTo("first");
            assertThat(store.ledger().keepFact("a", Optional.empty(), Optional.of("b")))
                    .isTrue();
            assertThat(store.ledger().find("e").orElseThrow().failures()).isZero();
            for (String platform : List.of("telegram", "ntfy")) {
                assertThat(store.outbox().nextDueAt(Set.of(platform))).contains(Instant.EPOCH);
            }
        }
    }

    private static String script(int version) throws IOException {
        try (InputStream script = Migrations.class.getResourceAsStream(String.format("sqlite/%04d.sql", version))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theNewestScriptIsTheLastOne() {
        assertThat(Migrations.class.getResource(String.format("sqlite/%04d.sql", Migrations.NEWEST)))
                .isNotNull();
        assertThat(Migrations.class.getResource(String.format("sqlite/%04d.sql", Migrations.NEWEST + 1)))
                .isNull();
    }

    @Test
    void theConnectionForcesItsLogAtEachCommit() {
        try (JdbcStore store = (JdbcStore) open("jdbc:sqlite:state.db")) {
            List<Integer> forced = store.database()
                    .write(transaction ->
                            transaction.session().sql("PRAGMA synchronous").list(Cells::count));
            List<String> journal = store.database()
                    .read(session -> session.sql("PRAGMA journal_mode").list(Cells::text));

            assertThat(forced).containsExactly(2);
            assertThat(journal).containsExactly("wal");
        }
    }

    @Test
    void aFileThatWasTakenAwayIsWrittenNoMore() throws IOException {
        Path file = home.resolve("taken.db");
        try (JobStore store = Stores.at(file)) {
            store.jobs().create(List.of(StoreProcess.due("before")));
            Files.delete(file);
            assertReplaced(store);
            try (JobStore other = Stores.at(file)) { // what a new process finds there
                assertThat(other.jobs().list()).isEmpty();
                assertReplaced(store);
                other.jobs().create(List.of(StoreProcess.due("other")));
            }
        }
    }

    @Test
    void aFileThatWasReplacedByACopyIsWrittenNoMore() throws IOException {
        Path file = home.resolve("replaced.db");
        Path copy = home.resolve("copy.db");
        Stores.at(file).close();
        Files.copy(file, copy);
        try (JobStore store = Stores.at(file)) {
            Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
            assertReplaced(store);
        }
    }

    private static void assertReplaced(JobStore store) {
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> store.jobs().list(), () -> store.jobs().create(List.of(StoreProcess.due("after"))))) {
            assertThatThrownBy(use)
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                    .hasMessageContaining("deleted or replaced")
                    .hasMessageContaining("Start this process again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace(body, 'UTC', 'Moon/Tycho')", "'{ torn'", "'[]'"})
    void aDefinitionThatCannotBeReadStopsNobodyElsesAndIsReadAgainOnceItCanBe(String body) throws Exception {
        Job odd = zoned("odd");
        Job sound = zoned("sound");
        try (JobStore store = open("jdbc:sqlite:a.db")) {
            store.jobs().create(List.of(odd, sound));
        }
        Path file = home.resolve("a.db");
        execute(file, "CREATE TABLE sound AS SELECT * FROM definitions");
        execute(file, "UPDATE definitions SET body = " + body + " WHERE job_id = 'odd'");

        try (JobStore store = open("jdbc:sqlite:a.db")) {
            assertThat(store.jobs().list()).hasSize(2).contains(sound);
            Job unread = store.jobs().find("odd").orElseThrow();
            assertThat(unread.engine().state()).isEqualTo(JobState.ERROR);
            assertThat(unread.definition().fault()).isPresent();
            assertThat(store.jobs().definitionsAt(1).orElseThrow()).hasSize(2);
        }

        execute(file, "DELETE FROM definitions", "INSERT INTO definitions SELECT * FROM sound", "DROP TABLE sound");
        try (JobStore store = open("jdbc:sqlite:a.db")) {
            assertThat(store.jobs().list()).containsExactly(odd, sound);
        }
    }

    private static Job zoned(String id) {
        JobDefinition definition = job(id).definition().toBuilder()
                .set(JobField.SCHEDULE, Schedule.cron("0 9 * * *", ZoneId.of("UTC")))
                .build();
        Instant at = Instant.parse("2027-01-15T09:00:00Z");
        return new Job(
                id,
                definition,
                1,
                EngineState.fresh().toBuilder()
                        .next(Optional.of(at), Optional.of(at))
                        .build());
    }
}
