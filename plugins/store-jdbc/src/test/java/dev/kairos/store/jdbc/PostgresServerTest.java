package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.TagBounds;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a server does that a file does not: several open it at once, it cuts connections, it refuses and it tells. */
class PostgresServerTest {
    private static final int AT_ONCE = 4;

    private static <T> List<T> together(Callable<T> body) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                futures.add(threads.submit(body));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get(60, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void severalNodesMayMakeTheTablesAtOnce() throws Exception {
        String url = Postgres.freshUrl();
        List<String> ids = together(() -> {
            try (JobStore store = Postgres.at(url)) {
                return store.jobs().changesSince(0).storeId();
            }
        });
        assertThat(ids).hasSize(AT_ONCE).containsOnly(ids.get(0));
    }

    @Test
    void aClaimLocksNoJobThatItDoesNotOfferAndLeavesTheOthersToAnotherNode() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore one = Postgres.at(url);
                JobStore two = Postgres.at(url)) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                jobs.add(StoreProcess.due("script" + i));
                jobs.add(StoreProcess.due("handler" + i, "h" + i % 4));
            }
            one.jobs().create(jobs);
            Abilities all = new Abilities(Set.of("script", "handler:h0", "handler:h1", "handler:h2", "handler:h3"));
            String first = join(one, 1);
            String second = join(two, 2);
            List<Long> free = new ArrayList<>();
            Set<String> beside = new HashSet<>();

            List<Claim> claims = one.claims().claimDue(ask(first, 10, all), view -> {
                if (free.isEmpty()) {
                    free.addAll(unlocked(url));
                    two.claims()
                            .claimDue(ask(second, 25, all), other -> StoreProcess.claim(other, second))
                            .forEach(claim -> beside.add(claim.job().id()));
                }
                return StoreProcess.claim(view, first);
            });

            assertThat(free).containsExactly(30L);
            assertThat(beside).hasSize(25);
            assertThat(claims).extracting(claim -> claim.job().id()).hasSize(10).doesNotContainAnyElementsOf(beside);
            assertThat(two.claims().claimDue(ask(second, 25, all), other -> StoreProcess.claim(other, second)))
                    .hasSize(5);
        }
    }

    /** Both look at the same jobs first: what the other holds is passed over while they are locked, not found locked. */
    @Test
    void aClaimBesideAnothersMakesNoMoreStatementsThanOneAlone() throws Exception {
        String url = Postgres.freshUrl();
        MadeStatements made = new MadeStatements();
        try (JobStore one = Postgres.at(url);
                JobStore two = WatchedStore.postgres(url, made).make()) {
            one.jobs()
                    .create(IntStream.range(0, 60)
                            .mapToObj(i -> StoreProcess.due("job" + i))
                            .toList());
            Abilities scripts = new Abilities(Set.of("script"));
            String first = join(one, 1);
            String second = join(two, 2);
            List<Claim> claimed = new ArrayList<>();
            Runnable claim = () -> claimed.addAll(
                    two.claims().claimDue(ask(second, 10, scripts), view -> StoreProcess.claim(view, second)));
            List<String> alone = made.of(claim);
            claimed.clear();
            List<String> beside = new ArrayList<>();

            one.claims().claimDue(ask(first, 10, scripts), view -> {
                if (beside.isEmpty()) {
                    beside.addAll(made.ofOnly(claim));
                }
                return StoreProcess.claim(view, first);
            });

            assertThat(claimed).hasSize(10);
            assertThat(beside).isEqualTo(alone);
        }
    }

    private static ClaimRequest ask(String node, int limit, Abilities abilities) {
        return new ClaimRequest(node, StoreProcess.NOW, StoreProcess.NOW, limit, abilities, Optional.empty());
    }

    private static String join(JobStore store, int pid) {
        NodeIdentity node = NodeIdentity.builder("boot", pid, "n")
                .pidNamespace("pid:[1]")
                .startTicks(1)
                .build();
        store.nodes().join(node);
        return node.id();
    }

    /** How many jobs nobody has locked. */
    private static List<Long> unlocked(String url) {
        String schema = url.substring(url.lastIndexOf('=') + 1);
        try {
            return Postgres.numbers(
                    "SELECT count(*) FROM (SELECT 1 FROM " + schema + ".jobs FOR UPDATE SKIP LOCKED) f");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nodesThatClaimSideBySideKeepTheBoundOfATagTogether() throws Exception {
        String url = Postgres.freshUrl();
        TagBounds bounds = new TagBounds(Map.of("slack", 5));
        try (JobStore store = Postgres.at(url)) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Job job = StoreProcess.due("job" + i);
                JobDefinition tagged = job.definition().toBuilder()
                        .set(JobField.TAGS, List.of("slack"))
                        .build();
                jobs.add(job.withDefinition(tagged));
            }
            store.jobs().create(jobs);
        }
        AtomicInteger nodes = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(AT_ONCE);

        List<Integer> claimed = together(() -> {
            try (JobStore store = Postgres.at(url)) {
                NodeIdentity node = NodeIdentity.builder("boot", nodes.incrementAndGet(), "n")
                        .pidNamespace("pid:[1]")
                        .startTicks(1)
                        .build();
                store.nodes().join(node);
                ready.countDown();
                ready.await();
                int own = 0;
                for (int i = 0; i < 10; i++) {
                    own += store.claims()
                            .claimDue(
                                    StoreProcess.request(node.id()).upTo(1).within(bounds),
                                    view -> StoreProcess.claim(view, node.id()))
                            .size();
                }
                return own;
            }
        });

        assertThat(claimed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
    }

    @Test
    void tablesOfANewerVersionAreLeftAlone() throws Exception {
        String url = Postgres.freshUrl();
        Postgres.at(url).close();
        Postgres.run("INSERT INTO " + schema(url) + ".kairos_migrations (version) VALUES (999)");

        assertThatThrownBy(() -> Postgres.at(url))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer Kairos")
                .hasMessageContaining("999")
                .hasMessageContaining("upgrade");
    }

    @Test
    void aUserWhoMayNotLookIntoTheSchemaIsToldSo() throws SQLException {
        String url = Postgres.freshUrl();
        Postgres.at(url).close();
        Postgres.run("CREATE ROLE lowly LOGIN");
        String lowly = url.replace("user=postgres", "user=lowly");
        PostgresStoreFactory factory = new PostgresStoreFactory();
        for (Supplier<JobStore> opening : List.<Supplier<JobStore>>of(
                () -> factory.open(lowly, Path.of("/"), new RealTime()),
                () -> factory.openAsItIs(lowly, Path.of("/"), new RealTime()))) {
            assertThatThrownBy(opening::get)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                    .hasMessageContaining("too few rights")
                    .hasMessageContaining("USAGE of the schema " + schema(url));
        }
    }

    @Test
    void whoeverOnlyLooksMakesAndUpgradesNoTables() throws Exception {
        String url = Postgres.freshUrl();
        PostgresStoreFactory factory = new PostgresStoreFactory();
        assertThatThrownBy(() -> factory.openAsItIs(url, Path.of("/"), new RealTime()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.ABSENT))
                .hasMessageContaining("There is no store")
                .hasMessageContaining("holds no tables of Kairos");
        assertThat(Postgres.numbers("SELECT count(*) FROM pg_namespace WHERE nspname = '" + schema(url) + "'"))
                .containsExactly(0L);

        Postgres.at(url).close();
        try (JobStore store = factory.openAsItIs(url, Path.of("/"), new RealTime())) {
            store.jobs().create(List.of(StoreProcess.due("a")));
        }
        Postgres.run("DELETE FROM " + schema(url) + ".kairos_migrations WHERE version = " + Migrations.NEWEST);
        for (boolean isRead : List.of(true, false)) {
            assertThatThrownBy(() -> {
                        if (isRead) {
                            factory.openUnchanged(url, Path.of("/"), new RealTime());
                        } else {
                            factory.openAsItIs(url, Path.of("/"), new RealTime());
                        }
                    })
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.OUTDATED))
                    .hasMessageContaining("older Kairos")
                    .hasMessageContaining("next start of a daemon");
        }
        assertThat(Postgres.numbers("SELECT max(version) FROM " + schema(url) + ".kairos_migrations"))
                .containsExactly(Migrations.NEWEST - 1L);
    }

    @Test
    void aStoreThatIsMadeWithFactsHoldsThemAndOneThatWasThereDoesNot() {
        String url = Postgres.freshUrl();
        PostgresStoreFactory factory = new PostgresStoreFactory();
        try (JobStore made = factory.openWith(Map.of("a", "1"), url, Path.of("/"), new RealTime());
                JobStore there = factory.openWith(Map.of("b", "2"), url, Path.of("/"), new RealTime())) {
            assertThat(made.ledger().facts("")).containsExactly(Map.entry("a", "1"));
            assertThat(there.ledger().facts("")).containsExactly(Map.entry("a", "1"));
        }
    }

    @Test
    void tablesOfAnotherProgramAreLeftAlone() throws Exception {
        String url = Postgres.freshUrl();
        Postgres.run("CREATE SCHEMA " + schema(url) + "; CREATE TABLE " + schema(url) + ".jobs (mine int)");

        assertThatThrownBy(() -> Postgres.at(url))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another program")
                .hasMessageContaining("currentSchema");
        assertThat(Postgres.numbers("SELECT count(*) FROM pg_tables WHERE schemaname = '" + schema(url) + "'"))
                .containsExactly(1L);
    }

    @Test
    void aRefusalShowsNoPassword() {
        String url = Postgres.freshUrl().replace("user=postgres", "user=postgres&password=hunter2");
        assertThatThrownBy(() -> Postgres.at(url.replace("/postgres?", "/nowhere?")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no such database")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Postgres.at(url.replaceFirst("currentSchema=.*", "currentSchema=no-name")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("currentSchema")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Postgres.at(url.replace("hunter2", "hunter2%off")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("an option behind its question mark cannot be read")
                .hasMessageNotContaining("hunter2");
        for (String wrong : List.of("//me:hunter2@db:5432/app", "//me:hunter2@db/app", "//db:hunter2/app")) {
            assertThatThrownBy(() -> Postgres.at("jdbc:postgresql:" + wrong))
                    .as(wrong)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("store.url")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void itsClockRunsOnWhileATransactionIsOpen() throws Exception {
        try (JobStore store = Postgres.fresh();
                JobStore snapshot = store.snapshot().orElseThrow()) {
            Instant begun = snapshot.nodes().clock().orElseThrow();
            Postgres.numbers("SELECT 1 FROM pg_sleep(0.05)");
            assertThat(snapshot.nodes().clock().orElseThrow()).isAfterOrEqualTo(begun.plusMillis(50));
            assertThat(store.nodes().clock().orElseThrow()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
        }
    }

    @Test
    void theSchemeMayBeWrittenInCapitals() {
        String url = Postgres.freshUrl().replace("jdbc:postgresql:", "JDBC:PostgreSQL:");
        Postgres.at(url).close();
    }

    @Test
    void aLongSchemaNameCanBeUsedOrIsRefused() {
        String url = Postgres.freshUrl().replaceFirst("currentSchema=.*", "currentSchema=");
        try (JobStore store = Postgres.at(url + "s".repeat(56))) {
            store.jobs().create(List.of(StoreProcess.due("a"))); // is announced under that name
        }
        assertThatThrownBy(() -> Postgres.at(url + "s".repeat(57))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void beneathALongTransactionOfSomebodyElseEachMoveIsToldOnceAndPruningGoesOn() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore store = Postgres.at(url);
                Connection stranger = Postgres.connect()) {
            stranger.setAutoCommit(false);
            stranger.createStatement().execute("SELECT pg_current_xact_id()");

            Changes before = store.jobs().changesSince(Long.MAX_VALUE);
            store.jobs().create(List.of(StoreProcess.due("a")));
            Changes first = store.jobs().changesSince(before.cursor());
            assertThat(first.jobIds()).containsExactly("a");
            Changes second = store.jobs().changesSince(first.cursor());
            assertThat(second.jobIds()).isEmpty();
            store.jobs().create(List.of(StoreProcess.due("b")));
            assertThat(store.jobs().changesSince(second.cursor()).jobIds()).containsExactly("b");
            assertThat(store.jobs().changesSince(first.cursor()).jobIds()).containsExactly("b");
        }
    }

    @Test
    void pruningKeepsUpUnderTransactionsThatFollowEachOtherWithoutAGap() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore store = Postgres.at(url)) {
            store.jobs().create(List.of(StoreProcess.due("a")));
            Connection running = busy();
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 30; i++) {
                    end(store, "x" + round + "-" + i, StoreProcess.NOW.plusSeconds(round * 100L + i));
                }
                store.ledger().prune(StoreProcess.NOW.minusSeconds(1), 20);
                Connection next = busy(); // there is always one that runs
                running.close();
                running = next;
                store.ledger().prune(StoreProcess.NOW.minusSeconds(1), 20);
            }
            running.close();
            assertThat(store.ledger().list(ExecutionQuery.ofJob("a", 1_000))).hasSizeLessThan(90);
        }
    }

    private static Connection busy() throws SQLException {
        Connection connection = Postgres.connect();
        connection.setAutoCommit(false);
        connection.createStatement().execute("SELECT pg_current_xact_id()");
        return connection;
    }

    private static void end(JobStore store, String id, Instant at) {
        store.claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .row(Execution.builder(id, "a", at)
                                        .status(ExecutionStatus.OK)
                                        .finishedAt(at)
                                        .build())
                                .build());
    }

    @Test
    void aServerThatIsNotThereIsSaidAndMayBeTriedAgain() {
        String url = "jdbc:postgresql://localhost:1/postgres?user=postgres";
        assertThatThrownBy(() -> Postgres.at(url))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.TRANSIENT))
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void aCutConnectionIsReplaced() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore store = Postgres.at(url)) {
            store.jobs().create(List.of(StoreProcess.due("before")));
            Postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kairos'");
            createWithin(store, "after");
            assertThat(store.jobs().list()).extracting(Job::id).containsExactly("after", "before");
        }
    }

    /** The first use after a cut may fail, and says that the next may not. */
    private static void createWithin(JobStore store, String id) {
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                store.jobs().create(List.of(StoreProcess.due(id)));
                return;
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.TRANSIENT);
            }
        }
        throw new AssertionError("no connection came back");
    }

    @Test
    void anotherNodesChangeIsHeardOf() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore listener = Postgres.at(url);
                JobStore other = Postgres.at(url)) {
            CountDownLatch heard = new CountDownLatch(1);
            Runnable end = listener.listen(heard::countDown);
            for (int i = 0; heard.getCount() > 0 && i < 100; i++) {
                other.jobs().create(List.of(StoreProcess.due("job-" + i)));
                heard.await(200, TimeUnit.MILLISECONDS); // it may not have listened yet
            }
            end.run();
            assertThat(heard.getCount()).isZero();
        }
    }

    @Test
    void aDumpReadIntoAnotherServerTellsOfItsChangesOnce() throws Exception {
        String url = Postgres.freshUrl();
        try (JobStore store = Postgres.at(url)) {
            store.jobs().create(List.of(StoreProcess.due("a")));
        }
        Postgres.run("UPDATE " + schema(url) + ".jobs SET moved = 9000000000000000");
        try (JobStore store = Postgres.at(url)) {
            Changes first = store.jobs().changesSince(0);
            assertThat(store.jobs().changesSince(first.cursor()).jobIds()).isEmpty();
        }
    }

    private static String schema(String url) {
        return url.substring(url.indexOf("currentSchema=") + "currentSchema=".length());
    }
}
