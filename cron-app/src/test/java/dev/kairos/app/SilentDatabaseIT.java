package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.Lease;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose PostgreSQL says nothing more without closing anything, and a node that stops in the middle of a claim. */
class SilentDatabaseIT {
    private static final boolean IS_SOAK = Boolean.getBoolean("kairos.soak");

    /** How long the server is away. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** After this a node is dead to the others, and has been so for a look more. */
    private static final Duration EXPIRED = Duration.ofSeconds(IS_SOAK ? 25 : 0);

    /** Without a renewal for so long a node starts nothing; a node whose lease is renewed in time loses it to nobody. */
    private static final Duration IN_TIME = Duration.ofSeconds(8);

    /** So often a lease is renewed. */
    private static final Duration BEAT = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static PostgresServer postgres;

    @TempDir
    Path folder;

    private final List<CronRuntime> nodes = new ArrayList<>();
    private final Queue<String> fired = new ConcurrentLinkedQueue<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch enough = new CountDownLatch(1);
    private SilentRelay relay;

    @BeforeAll
    static void aServer() throws IOException {
        postgres = PostgresServer.in(data);
    }

    @AfterAll
    static void endIt() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void aWayToIt() throws IOException, SQLException {
        relay = new SilentRelay(postgres.port());
        run("DROP SCHEMA IF EXISTS kairos CASCADE");
    }

    @AfterEach
    void endThem() throws IOException {
        enough.countDown();
        relay.cutWhatIsSilent();
        nodes.forEach(CronRuntime::close);
        relay.close();
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private CronRuntime node(String name, String url) {
        CronRuntime node = CronRuntime.builder()
                .home(folder.resolve(name))
                .setting("store.url", url)
                .variables(Map.of("PATH", System.getenv("PATH")))
                .handler("beat", call -> {
                    fired.add(call.request().execution().jobId() + " "
                            + call.request().execution().scheduledAt());
                    return "";
                })
                .handler("long", call -> {
                    started.countDown();
                    enough.await();
                    return "it ran to its end";
                })
                .build();
        nodes.add(node);
        node.start();
        return node;
    }

    private String byRelay() {
        return postgres.url().replaceFirst("localhost:\\d+", "localhost:" + relay.port());
    }

    /** A job every second, and one that runs until it is told that it is enough. */
    private String work(CronRuntime node) throws InterruptedException {
        node.jobs().define(handled("beat"), "every 1s");
        String job = node.jobs().define(handled("long"), "every 1h").job().id();
        node.jobs().requestRun(job);
        started.await();
        await().atMost(LONG).until(() -> fired.size() > 1);
        return job;
    }

    private static JobDefinition handled(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.HANDLER, name)
                .build();
    }

    private static Map<String, Long> beats(CronRuntime outside) {
        return outside.store().nodes().leases().stream()
                .collect(Collectors.toMap(lease -> lease.node().id(), Lease::beat, (a, b) -> a, TreeMap::new));
    }

    private void endsWell(CronRuntime outside, String job) {
        enough.countDown();
        await().atMost(LONG)
                .until(() -> rows(outside, job).stream()
                        .noneMatch(row -> row.status().isOpen()));
        assertThat(rows(outside, job)).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
            assertThat(row.attempt()).isEqualTo(1);
        });
        int before = fired.size();
        if (IS_SOAK) { // a statement that was under way waits for its answer first
            await().atMost(LONG).until(() -> fired.size() > before + 1);
        }
        assertThat(fired).doesNotHaveDuplicates();
    }

    private static List<Execution> rows(CronRuntime node, String job) {
        return node.store().ledger().list(ExecutionQuery.ofJob(job, 100));
    }

    /** As after a firewall forgot them: whoever watches over the node is not concerned, and counts its beats. */
    @Test
    void aNodeWhoseOpenConnectionsFellSilentKeepsItsLeaseAndItsRuns() throws Exception {
        CronRuntime one = node("one", byRelay());
        String job = work(one);
        CronRuntime peer = node("peer", postgres.url());
        Map<String, Long> before = beats(peer);

        relay.loseWhatIsOpen();

        String id = one.node().orElseThrow();
        long last = beats(peer).get(id) + 1; // one may be under way: of two new ones the first has to be in time
        await().atMost(IN_TIME.plus(BEAT)).until(() -> beats(peer).getOrDefault(id, 0L) > last);
        await().pollDelay(EXPIRED).atMost(LONG).until(() -> true);
        assertThat(beats(peer).keySet()).isEqualTo(before.keySet());
        endsWell(peer, job);
    }

    /** As while a standby takes over: everybody is cut off, and each must be heard before the others miss it. */
    @Test
    @EnabledIfSystemProperty(named = "kairos.soak", matches = "true")
    void nodesWhoseServerWasSilentForAWhileAllKeepTheirLeases() throws Exception {
        CronRuntime one = node("one", byRelay());
        String job = work(one);
        CronRuntime peer = node("peer", byRelay());
        await().atMost(LONG).until(() -> beats(peer).values().stream().allMatch(beat -> beat > 0));
        Set<String> members = beats(peer).keySet();

        relay.fallSilent();
        await().pollDelay(SILENCE).atMost(LONG).until(() -> true);
        Map<String, Long> before = storedBeats();
        relay.speak();

        await().atMost(IN_TIME)
                .until(() -> storedBeats().entrySet().stream()
                        .allMatch(now -> now.getValue() > before.getOrDefault(now.getKey(), Long.MAX_VALUE)));
        await().pollDelay(EXPIRED).atMost(LONG).until(() -> true);
        assertThat(storedBeats().keySet()).isEqualTo(members);
        endsWell(peer, job);
    }

    private static Map<String, Long> storedBeats() throws SQLException {
        Map<String, Long> beats = new TreeMap<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id, beat FROM kairos.nodes")) {
            while (rows.next()) {
                beats.put(rows.getString(1), rows.getLong(2));
            }
        }
        return beats;
    }

    /** The connection does what the node does between the begin of a claim and its commit, and then nothing more. */
    @Test
    @EnabledIfSystemProperty(named = "kairos.soak", matches = "true")
    void aNodeFrozenInTheMiddleOfAClaimHoldsUpNoOtherAndIsTakenOverWithItsLease() throws Exception {
        CronRuntime one = node("one", postgres.url());
        CronRuntime two = node("two", postgres.url());
        String job = work(one);
        Set<String> living = beats(two).keySet();
        String frozen = "1-a"; // listed before the dead one
        String dead = "2-b";
        for (String id : List.of(frozen, dead)) {
            run("INSERT INTO kairos.nodes (id, boot_id, pid_namespace, pid, start_ticks, nonce, beat) VALUES ('" + id
                    + "', 'another-boot', 'ns', " + id.charAt(0) + ", 1, '" + id.charAt(2) + "', 0)");
        }
        StandStill standStill = new StandStill(living);
        try (Connection claim = postgres.connect();
                Statement statement = claim.createStatement()) {
            claim.setAutoCommit(false);
            statement.execute("SET idle_in_transaction_session_timeout = '60s'"); // longer than a node's own
            statement.execute("SELECT 1 FROM kairos.nodes WHERE id = '" + frozen + "' FOR KEY SHARE");

            await().atMost(Duration.ofSeconds(14))
                    .until(() -> !standStill.look().containsKey(dead));
            int before = fired.size();
            await().atMost(LONG)
                    .until(
                            () -> { // the others may not notice anything for long
                                standStill.look();
                                return fired.size() >= before + 15;
                            });
            assertThat(storedBeats()).containsKey(frozen);
            claim.rollback();
        }
        assertThat(standStill.longest()).isLessThan(IN_TIME);
        await().atMost(Duration.ofSeconds(5)).until(() -> storedBeats().keySet().equals(living));
        endsWell(two, job);
    }

    /** How long the beats of some nodes stood still. */
    private static final class StandStill {
        private final Set<String> nodes;
        private final Map<String, Long> beats = new HashMap<>();
        private final Map<String, Instant> since = new HashMap<>();
        private Duration longest = Duration.ZERO;

        StandStill(Set<String> nodes) {
            this.nodes = nodes;
        }

        Map<String, Long> look() throws SQLException {
            Map<String, Long> now = storedBeats();
            Instant at = Instant.now();
            for (String node : nodes) {
                long beat = now.getOrDefault(node, -1L);
                if (!Long.valueOf(beat).equals(beats.put(node, beat))) {
                    since.put(node, at);
                }
                Duration still = Duration.between(since.get(node), at);
                longest = still.compareTo(longest) > 0 ? still : longest;
            }
            return now;
        }

        Duration longest() {
            return longest;
        }
    }
}
