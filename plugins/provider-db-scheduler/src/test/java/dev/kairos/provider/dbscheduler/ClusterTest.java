package dev.kairos.provider.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.builtin.system.SystemEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Several nodes on one database: their triggers are one set. */
class ClusterTest {
    /** What a busy machine may take; nothing here waits for it to pass. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Environment environment = new SystemEnvironment();

    private Instant in(Duration time) {
        return environment.now().plus(time);
    }

    private static List<String> armed(String url) {
        return Postgres.column("SELECT task_instance FROM " + Postgres.schemaOf(url)
                + ".kairos_fires WHERE task_name = 'kairos-fire' ORDER BY 1");
    }

    @Test
    void severalNodesMayMakeTheTablesAtOnce() throws Exception {
        String url = Postgres.freshUrl();
        List<Node> nodes = List.of(Node.at(url), Node.at(url), Node.at(url), Node.at(url));
        ConcurrentLinkedQueue<Throwable> troubles = new ConcurrentLinkedQueue<>();
        List<Task> starts = new ArrayList<>();
        for (Node node : nodes) {
            starts.add(environment.start("starts", () -> {
                try {
                    node.start();
                } catch (Exception e) {
                    troubles.add(e);
                }
            }));
        }
        for (Task start : starts) {
            assertThat(start.join(LONG)).isTrue();
        }
        nodes.forEach(Node::close);

        assertThat(troubles).isEmpty();
        assertThat(Postgres.column(
                        "SELECT tablename FROM pg_tables WHERE schemaname = '" + Postgres.schemaOf(url) + "'"))
                .containsExactly("kairos_fires");
    }

    @Test
    void eachDueTriggerReachesANodeAndNoneIsLostWhenOneIsStopped() throws Exception {
        String url = Postgres.freshUrl();
        try (Node stays = Node.at(url);
                Node goes = Node.at(url)) {
            stays.start();
            goes.start();
            List<String> ids = new ArrayList<>();
            // On a busy machine one node may take whatever comes for a while: more comes until both have had some.
            await().atMost(LONG).pollInterval(Duration.ofMillis(250)).until(() -> {
                comeDue(ids, 5, List.of(stays, goes));
                return ids.stream().anyMatch(goes::hasFired);
            });
            comeDue(ids, 20, List.of(stays, goes));

            goes.provider().stop();
            comeDue(ids, 5, List.of(stays));

            await().atMost(LONG).until(() -> ids.stream().allMatch(id -> stays.hasFired(id) || goes.hasFired(id)));
            assertThat(ids).filteredOn(stays::hasFired).hasSizeGreaterThanOrEqualTo(5);
        }
    }

    /** So many more jobs, the first due at once and the others a tenth of a second apart, on all of these nodes. */
    private void comeDue(List<String> ids, int more, List<Node> nodes) {
        Set<String> fresh = new TreeSet<>();
        for (int i = 0; i < more; i++) {
            String id = "job" + (ids.size() + i);
            Instant at = in(Duration.ofMillis(100 * i));
            fresh.add(id);
            nodes.forEach(node -> node.host().arm(id, at));
        }
        ids.addAll(fresh);
        nodes.forEach(node -> node.provider().onJobsChanged(JobChanges.of(fresh)));
    }

    @Test
    void whatOneNodeCannotClaimIsFiredByTheOther() throws Exception {
        String url = Postgres.freshUrl();
        try (Node able = Node.at(url);
                Node ending = Node.at(url)) {
            able.start();
            ending.start();
            AtomicBoolean refused = new AtomicBoolean();
            for (int i = 0; i < 5; i++) {
                ending.host().failNext(() -> {
                    refused.set(true);
                    return new IllegalStateException("the store is away");
                });
            }
            for (int i = 0; i < 20; i++) {
                able.host().arm("job" + i, in(Duration.ofMillis(300)));
                ending.host().arm("job" + i, in(Duration.ofMillis(300)));
            }
            able.provider().onJobsChanged(JobChanges.unknown());

            await().atMost(LONG).until(() -> {
                boolean isDone = true;
                for (int i = 0; i < 20; i++) {
                    isDone &= able.hasFired("job" + i) || ending.hasFired("job" + i);
                }
                return isDone;
            });
        }
    }

    @Test
    void theTasksOfOthersStayAndOrphansOfOursGo() throws Exception {
        String url = Postgres.freshUrl();
        String table = Postgres.schemaOf(url) + ".kairos_fires";
        try (Node node = Node.at(url)) {
            node.host().arm("gone", in(Duration.ofHours(1)));
            node.host().arm("stays", in(Duration.ofHours(1)));
            node.start();
            Postgres.run("INSERT INTO " + table + " (task_name, task_instance, execution_time, picked, version) VALUES"
                    + " ('theirs', 'gone', '2020-01-01Z', false, 1), ('theirs', 'later', '2099-01-01Z', false, 1)");
            assertThat(armed(url)).containsExactly("gone", "stays");
            node.host().arm("fires", in(Duration.ZERO));
            node.provider().onJobsChanged(JobChanges.of(Set.of("fires")));
            await().atMost(LONG).until(() -> node.hasFired("fires")); // so it has looked at what is due
        }
        try (Node heir = Node.at(url)) {
            heir.host().arm("stays", in(Duration.ofHours(1)));
            heir.host().arm("new", in(Duration.ofHours(1)));
            heir.start();
            assertThat(armed(url)).containsExactly("new", "stays");
            assertThat(Postgres.column("SELECT task_instance FROM " + table
                            + " WHERE task_name = 'theirs' AND NOT picked AND version = 1 ORDER BY 1"))
                    .containsExactly("gone", "later");
        }
    }

    /** A trigger for which db-scheduler finds no thread later would count as under way for ever. */
    @Test
    void theThreadsOnWhichTriggersFireAreThereFromTheStartAndGoneAfterTheEnd() throws Exception {
        try (Node node = Node.at(Postgres.freshUrl())) {
            Set<Thread> before = fireThreads();
            node.start();
            Set<Thread> made = fireThreads();
            made.removeAll(before);
            assertThat(made).hasSize(4);
            node.provider().stop();
            await().atMost(LONG).until(() -> made.stream().noneMatch(Thread::isAlive));
        }
    }

    private static Set<Thread> fireThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cron-db-scheduler-fire-"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void itTellsWhatIsArmedOnceItIsStarted() throws Exception {
        try (Node node = Node.at(Postgres.freshUrl())) {
            ArmedTriggers triggers =
                    node.provider().capability(ArmedTriggers.class).orElseThrow();
            assertThat(triggers.armed()).isEmpty();
            Instant at = Instant.ofEpochMilli(in(Duration.ofHours(1)).toEpochMilli());
            node.host().arm("a", at);
            node.start();
            assertThat(triggers.armed()).isEqualTo(Map.of("a", at));
        }
    }

    @Test
    void whatSomebodyElseBrokeInTheTableIsMendedByAReconcile() throws Exception {
        String url = Postgres.freshUrl();
        String table = Postgres.schemaOf(url) + ".kairos_fires";
        try (Node node = Node.at(url)) {
            node.host().arm("a", in(Duration.ofHours(1)));
            node.host().arm("b", in(Duration.ofHours(2)));
            node.start();
            Postgres.run("DELETE FROM " + table + " WHERE task_instance = 'a'");
            Postgres.run("UPDATE " + table + " SET execution_time = '2099-01-01Z' WHERE task_instance = 'b'");

            node.provider().reconcile();

            assertThat(armed(url)).containsExactly("a", "b");
            assertThat(Postgres.column("SELECT 1 FROM " + table + " WHERE execution_time > '2098-01-01Z'"))
                    .isEmpty();
        }
    }

    @Test
    void theTriggerOfANodeThatDiedBeforeItsClaimComesToAnother() throws Exception {
        String url = Postgres.freshUrl();
        String table = Postgres.schemaOf(url) + ".kairos_fires";
        try (Node node = Node.at(url)) {
            node.start(); // makes the table
            node.host().arm("lost", environment.now());
            Postgres.run(
                    "INSERT INTO " + table + " (task_name, task_instance, execution_time, picked, picked_by,"
                            + " last_heartbeat, version) VALUES ('kairos-fire', 'lost', now(), true, 'dead', '2020-01-01Z', 2)");
            node.provider().onJobsChanged(JobChanges.of(Set.of("lost")));

            await().atMost(LONG).until(() -> node.hasFired("lost"));
        }
    }

    @Test
    void manyTriggersAreArmedInFewStepsAndOneThatIsThereAlreadyIsMoved() throws Exception {
        String url = Postgres.freshUrl();
        try (Node first = Node.at(url);
                Node second = Node.at(url)) {
            first.host().arm("job7", in(Duration.ofHours(1)));
            first.start();
            for (int i = 0; i < 500; i++) {
                second.host().arm("job" + i, in(Duration.ofHours(2)));
            }
            second.start();
            assertThat(armed(url)).hasSize(500);
            assertThat(Postgres.column("SELECT 1 FROM " + Postgres.schemaOf(url)
                            + ".kairos_fires WHERE execution_time < now() + interval '90 minutes'"))
                    .isEmpty();
        }
    }
}
