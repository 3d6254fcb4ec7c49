package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Two versions on one store: the one that is there, and the next, whose script is made up. */
class RollingUpgradeTest {
    private static final int JOBS = 100;
    private static final int AT_ONCE = 4;
    private static final int GATE = 20_270_115;
    private static final int PRESENT = Migrations.NEWEST;
    private static final String ADDS = "-- readable since " + PRESENT + ": what is new has a default.\n"
            + "ALTER TABLE jobs ADD COLUMN mood TEXT;\n"
            + "ALTER TABLE executions ADD COLUMN weight BIGINT NOT NULL DEFAULT 1;\n"
            + "CREATE INDEX jobs_mood ON jobs (mood);\n";
    private static final String RENAMES = "ALTER TABLE jobs RENAME COLUMN last_error TO last_trouble;\n";
    private static final String ADDS_TO_THAT =
            "-- readable since " + (PRESENT + 1) + "\n" + "ALTER TABLE jobs ADD COLUMN mood TEXT;\n";

    @TempDir
    static Path folder;

    abstract static class Cases {
        /** A place where there is no store yet. */
        abstract String fresh();

        abstract JobStore open(String place, List<String> further);

        @Test
        void bothVersionsClaimAndCompleteSideBySideOnTablesThatWereAddedTo() {
            String place = fresh();
            try (JobStore older = open(place, List.of())) {
                List<Job> jobs = new ArrayList<>();
                for (int i = 0; i < JOBS; i++) {
                    jobs.add(StoreProcess.due("job-" + i));
                }
                older.jobs().create(jobs);
                String first = join(older, 1);
                List<Claim> inHand = claim(older, first);
                assertThat(inHand).isNotEmpty();

                try (JobStore newer = open(place, List.of(ADDS));
                        JobStore restarted = open(place, List.of())) {
                    String second = join(newer, 2);
                    String third = join(restarted, 3);
                    complete(older, inHand); // was claimed before the tables changed
                    int done = inHand.size();
                    List<Claim> byOlder;
                    List<Claim> byNewer;
                    List<Claim> byRestarted;
                    do {
                        byOlder = claim(older, first);
                        byNewer = claim(newer, second);
                        byRestarted = claim(restarted, third);
                        complete(newer, byNewer);
                        complete(restarted, byRestarted);
                        complete(older, byOlder);
                        done += byOlder.size() + byNewer.size() + byRestarted.size();
                    } while (!byOlder.isEmpty() || !byNewer.isEmpty() || !byRestarted.isEmpty());

                    assertThat(done).isEqualTo(JOBS);
                    for (JobStore store : List.of(older, newer, restarted)) {
                        assertThat(store.ledger().list(ExecutionQuery.newest(1_000)))
                                .hasSize(JOBS)
                                .extracting(Execution::status)
                                .containsOnly(ExecutionStatus.OK);
                        assertThat(store.jobs().list())
                                .hasSize(JOBS)
                                .allMatch(job -> job.engine().runCount() == 1);
                    }
                }
            }
            open(place, List.of(ADDS)).close(); // nothing of it was undone or is made again
        }

        static String join(JobStore store, int pid) {
            NodeIdentity node = NodeIdentity.builder("boot", pid, "n")
                    .pidNamespace("ns")
                    .startTicks(1)
                    .build();
            store.nodes().join(node);
            return node.id();
        }

        private static List<Claim> claim(JobStore store, String node) {
            return store.claims().claimDue(StoreProcess.request(node), view -> StoreProcess.claim(view, node));
        }

        private static void complete(JobStore store, List<Claim> claims) {
            assertThat(store.claims()
                            .amend(claims.stream()
                                    .map(claim -> new FencedDecision(claim.execution(), StoreProcess::complete))
                                    .toList()))
                    .doesNotContain(false);
        }

        @Test
        void severalNodesThatUpgradeAtOnceMakeOneUpgrade() throws Exception {
            String place = fresh();
            try (JobStore older = open(place, List.of())) {
                List<Job> jobs = new ArrayList<>();
                for (int i = 0; i < JOBS; i++) {
                    jobs.add(StoreProcess.due("job-" + i));
                }
                older.jobs().create(jobs);
                String working = join(older, 1);
                List<Claim> inHand = claim(older, working);

                List<JobStore> newer = openedAtOnce(place);

                assertThat(newer).hasSize(AT_ONCE);
                complete(older, inHand);
                int pid = 2;
                for (JobStore store : newer) {
                    List<Claim> claims = claim(store, join(store, pid++));
                    assertThat(claims).isNotEmpty();
                    complete(store, claims);
                    assertThat(store.jobs().list()).hasSize(JOBS);
                    store.close();
                }
            }
            open(place, List.of(slowly(ADDS))).close();
        }

        List<JobStore> openedAtOnce(String place) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
            CyclicBarrier together = new CyclicBarrier(AT_ONCE);
            try {
                List<Future<JobStore>> opening = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    opening.add(threads.submit(() -> {
                        together.await();
                        return open(place, List.of(slowly(ADDS)));
                    }));
                }
                List<JobStore> opened = new ArrayList<>();
                for (Future<JobStore> each : opening) {
                    opened.add(each.get(60, TimeUnit.SECONDS));
                }
                return opened;
            } finally {
                threads.shutdownNow();
            }
        }

        /** The script, so that the others come while it runs. */
        String slowly(String script) {
            return script;
        }

        @Test
        void anOlderVersionIsRefusedWhereSomethingItNeedsWasChanged() {
            String place = fresh();
            open(place, List.of(RENAMES)).close();
            assertThatThrownBy(() -> open(place, List.of()))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                    .hasMessageContaining("newer Kairos")
                    .hasMessageContaining("version " + (PRESENT + 1))
                    .hasMessageContaining("upgrade");
        }

        @Test
        void whatIsReadableForTheNextVersionIsNotForTheOneBefore() {
            String place = fresh();
            open(place, List.of(RENAMES, ADDS_TO_THAT)).close();
            assertThatThrownBy(() -> open(place, List.of())).hasMessageContaining("newer Kairos");
            open(place, List.of(RENAMES)).close(); // knows what was renamed
        }
    }

    @Nested
    class OnSqlite extends Cases {
        private int files;

        @Override
        String fresh() {
            return folder.resolve(System.nanoTime() + "-" + files++ + ".db").toString();
        }

        @Override
        JobStore open(String place, List<String> further) {
            return new JdbcStore(new SqliteDialect(Path.of(place), new Migrations("sqlite", further)), new RealTime());
        }
    }

    @Nested
    class OnPostgres extends Cases {
        @Override
        String fresh() {
            return Postgres.freshUrl();
        }

        @Override
        String slowly(String script) {
            return script + "SELECT pg_sleep(0.5);\n";
        }

        /** The scripts of an earlier version, as it left them. */
        @Test
        void severalNodesBringAnEarlierVersionsTablesUpToDateAtOnce() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            StringBuilder earlier = new StringBuilder("CREATE SCHEMA " + schema + "; SET search_path = " + schema
                    + "; CREATE TABLE kairos_migrations (version BIGINT PRIMARY KEY,"
                    + " made_at TIMESTAMPTZ NOT NULL DEFAULT now());");
            for (int version = 1; version <= 2; version++) {
                earlier.append(script(version))
                        .append("INSERT INTO kairos_migrations (version) VALUES (" + version + ");");
            }
            Postgres.run(earlier + "INSERT INTO store (one, store_id, revision, settled_seq, settled_xid, judged,"
                    + " judged_most) VALUES (1, 'old', 0, 0, 0, 0, 0);"
                    + "INSERT INTO facts (name, value) VALUES ('kept', 'since then');");

            List<JobStore> stores = openedAtOnce(place);

            for (JobStore store : stores) {
                assertThat(store.jobs().changesSince(0).storeId()).isEqualTo("old");
                assertThat(store.ledger().facts("")).containsEntry("kept", "since then");
                store.close();
            }
            assertThat(Postgres.numbers("SELECT version FROM " + schema + ".kairos_migrations ORDER BY version"))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, PRESENT + 1).boxed().toList());
        }

        /** A dump holds all tables for its whole length; whoever waits behind an upgrade that waits for it would lose its lease. */
        @Test
        void anUpgradeThatWaitsForADumpHoldsUpNoNode() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            String changes = "-- readable since " + PRESENT + "\nALTER TABLE nodes ADD COLUMN more TEXT;\n";
            ExecutorService upgrade = Executors.newSingleThreadExecutor();
            try (JobStore older = open(place, List.of());
                    Connection dump = Postgres.connect()) {
                String working = join(older, 1);
                dump.setAutoCommit(false);
                try (Statement statement = dump.createStatement()) {
                    statement.execute("SELECT * FROM " + schema + ".nodes");
                }

                Future<JobStore> newer = upgrade.submit(() -> open(place, List.of(changes)));
                await().atMost(Duration.ofSeconds(20)).until(() -> waitsForALock(schema));
                for (int i = 0; i < 20; i++) { // each within the second for which the upgrade waits
                    assertThat(older.nodes().renew(working)).isTrue();
                    assertThat(older.nodes().leases()).hasSize(1);
                }
                assertThat(newer.isDone()).isFalse();
                dump.commit();

                try (JobStore opened = newer.get(30, TimeUnit.SECONDS)) {
                    assertThat(opened.nodes().leases()).hasSize(1);
                }
            } finally {
                upgrade.shutdownNow();
            }
        }

        /** An index on a long ledger takes longer than anybody waits for a lock. */
        @Test
        void whileAnUpgradeLastsItsVersionIsReadAndWhoeverComesNextAwaitsHisTurn() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            String lasts = ADDS + "SET LOCAL lock_timeout = 0;\nSELECT pg_advisory_xact_lock(" + GATE + ");\n";
            open(place, List.of()).close();
            ExecutorService upgrades = Executors.newFixedThreadPool(2);
            try (Connection gate = Postgres.connect();
                    Statement statement = gate.createStatement()) {
                gate.setAutoCommit(false);
                statement.execute("SELECT pg_advisory_xact_lock(" + GATE + ")");
                Future<JobStore> first = upgrades.submit(() -> open(place, List.of(lasts)));
                await().atMost(Duration.ofSeconds(20)).until(() -> waitsAt(Long.toString(GATE)));

                assertThatThrownBy(
                                () -> new JdbcStore(dialect(place, List.of(lasts)), TableWork.refused(new RealTime())))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.OUTDATED));
                Future<JobStore> second = upgrades.submit(() -> open(place, List.of(lasts)));
                await().atMost(Duration.ofSeconds(20)).until(() -> waitsAt(turn(schema)));
                gate.commit();

                first.get(30, TimeUnit.SECONDS).close();
                second.get(30, TimeUnit.SECONDS).close();
            } finally {
                upgrades.shutdownNow();
            }
        }

        /** What an upgrade holds from its beginning to its end. */
        private static String turn(String schema) {
            return "hashtextextended('kairos migrations of " + schema + "', 0)";
        }

        private static boolean waitsAt(String advisory) throws SQLException {
            return !Postgres.numbers("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                            + " AND (classid::bigint << 32 | objid::bigint) = " + advisory)
                    .isEmpty();
        }

        /** The one upgrades and waits for others; however many stand before it, no start hangs for longer. */
        @Test
        void anUpgradeThatOthersStandBeforeSaysSoAndEndsInTime() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            ListAppender<ILoggingEvent> said = new ListAppender<>();
            Logger log = (Logger) LoggerFactory.getLogger("cron.store");
            said.start();
            log.addAppender(said);
            ExecutorService upgrade = Executors.newSingleThreadExecutor();
            try (Connection other = Postgres.connect();
                    Statement statement = other.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(" + turn(schema) + ")");
                Future<JobStore> late =
                        upgrade.submit(() -> new PostgresStoreFactory().open(place, folder, new RealTime(20)));

                assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.TRANSIENT))
                        .hasMessageContaining("did not come free within 30 seconds: another process makes them")
                        .hasMessageContaining("What to do: wait until it is done")
                        .hasMessageContaining("start this again");
                assertThat(said.list)
                        .filteredOn(event -> event.getMarkerList() != null)
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.getMarkerList().get(0).getName()).isEqualTo(JobStoreFactory.WAITING);
                            assertThat(event.getFormattedMessage())
                                    .startsWith("Waiting for the tables of the store jdbc:postgresql://localhost")
                                    .contains("another process")
                                    .doesNotContain("user=");
                        });
                assertThat(Postgres.numbers("SELECT count(*) FROM pg_namespace WHERE nspname = '" + schema + "'"))
                        .containsExactly(0L);
            } finally {
                log.detachAppender(said);
                upgrade.shutdownNow();
            }
        }

        @Test
        void anUpgradeThatATransactionNeverLetsThroughAsksForAPerson() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            open(place, List.of()).close();
            try (Connection dump = Postgres.connect();
                    Statement statement = dump.createStatement()) {
                dump.setAutoCommit(false);
                statement.execute("SELECT * FROM " + schema + ".jobs");

                assertThatThrownBy(() -> new JdbcStore(dialect(place, List.of(ADDS)), new RealTime(40)))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                        .hasMessageContaining("within 30 seconds: somebody's transaction holds them");
            }
        }

        @Test
        void anInterruptEndsTheWaitForAnothersUpgradeAndIsNotLost() throws Exception {
            String place = fresh();
            String schema = place.substring(place.indexOf("currentSchema=") + "currentSchema=".length());
            String turn = turn(schema);
            ExecutorService waiting = Executors.newSingleThreadExecutor();
            try (Connection other = Postgres.connect();
                    Statement statement = other.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(" + turn + ")");
                Future<Boolean> isStillInterrupted = waiting.submit(() -> {
                    assertThatThrownBy(() -> open(place, List.of()))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("another process makes them");
                    return Thread.interrupted();
                });
                await().atMost(Duration.ofSeconds(20)).until(() -> waitsAt(turn));

                waiting.shutdownNow();

                assertThat(isStillInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
            } finally {
                waiting.shutdownNow();
            }
        }

        private static boolean waitsForALock(String schema) throws SQLException {
            return !Postgres.numbers("SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT l.granted AND n.nspname = '"
                            + schema + "'")
                    .isEmpty();
        }

        private static String script(int version) throws IOException {
            try (InputStream script = Migrations.class.getResourceAsStream("postgresql/000" + version + ".sql")) {
                return new String(script.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        @Override
        JobStore open(String place, List<String> further) {
            return new JdbcStore(dialect(place, further), new RealTime());
        }

        private static PostgresDialect dialect(String place, List<String> further) {
            return new PostgresDialect(PostgresUrl.of(place), config -> {}, new Migrations("postgresql", further));
        }
    }
}
