package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code status} says of a home whose daemon lives, stands in, stalls or falls behind. */
class StatusTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private Map<?, ?> node(Map<String, Object> status) {
        return (Map<?, ?>) ((List<?>) status.get("nodes")).get(0);
    }

    @Test
    void itSaysWhichProviderWasAskedForAndWhyAnotherFires() {
        try (HealthHome health = new HealthHome(home, Map.of("cron.provider", "nowhere"))) {
            health.runtime().start();
            Cli cli = Cli.at(home);
            await().atMost(LONG).until(() -> cli.run("status").exit() == 0);

            Map<?, ?> node = node(cli.done("status", "--json").json());
            assertThat(node.get("provider")).isEqualTo("builtin");
            assertThat(node.get("provider_asked")).isEqualTo("nowhere");
            assertThat(String.valueOf(node.get("fallback_reason"))).contains("nowhere");
            assertThat(cli.done("status").out())
                    .contains("instead of nowhere: " + node.get("fallback_reason"))
                    .contains("healthy");
        }
    }

    @Test
    void jobsThatAreOverdueWhileNothingRunsAreNotHealthy() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(
                    HealthHome.beat().build(), health.dueIn(Duration.ofHours(-2).minusMinutes(5)));
            health.delivery("e1", EnvelopeState.FAILED, Duration.ofHours(4));
            health.delivery("e2", EnvelopeState.UNKNOWN, Duration.ofHours(3));
            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"provider\": \"quartz\", \"desired\": 3, "
                    + "\"last_fire\": NOW}");
            Cli cli = Cli.at(home);

            Cli.Result status = cli.run("status", "--json");
            assertThat(status.exit()).isEqualTo(1);
            assertThat(status.json())
                    .containsEntry("healthy", false)
                    .containsEntry("overdue_jobs", 1)
                    .containsEntry("overdue_occurrences", 3)
                    .containsEntry("deliveries_failed", 1)
                    .containsEntry("deliveries_unknown", 1)
                    .containsKey("overdue_since");
            assertThat(node(status.json()).get("desired_triggers")).isEqualTo(3);
            assertThat(cli.run("status").out())
                    .contains("1 jobs overdue, 3 occurrences", "nothing runs", "1 failed, 1 of unknown fate")
                    .contains("3 triggers to be armed, last fire");
        }
    }

    @Test
    void anOverdueJobThatNobodyCanRunIsNotHealthyWhetherOrNotSomethingElseRuns() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(
                    HealthHome.beat().set(JobField.TAGS, List.of("needs-gpu")).build(),
                    health.dueIn(Duration.ofMinutes(-5)));
            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"abilities\": [\"script\"]}");
            Cli cli = Cli.at(home);

            Cli.Result idle = cli.run("status", "--json");
            assertThat(idle.exit()).isEqualTo(1);
            assertThat(idle.json()).containsEntry("overdue_jobs", 1).containsEntry("overdue_jobs_nobody_can_run", 1);
            assertThat(cli.run("status").out())
                    .contains("1 jobs overdue, 1 occurrences", "1 of them nobody can run; kairos doctor says")
                    .doesNotContain("nothing runs");

            health.row(Execution.builder("other", "beat1", health.now())
                    .status(ExecutionStatus.RUNNING)
                    .node(health.runtime().node().orElseThrow())
                    .startedAt(health.now())
                    .build());
            Cli.Result busy = cli.run("status");
            assertThat(busy.exit()).isEqualTo(1);
            assertThat(busy.out()).startsWith("not healthy").contains("1 running", "1 of them nobody can run");

            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"abilities\": [\"script\", \"script needs-gpu\"]}");
            assertThat(cli.run("status").out()).startsWith("healthy").doesNotContain("nobody can run");
        }
    }

    @Test
    void aRowOfAJobThatNobodyCanRunIsToldAsOneToo() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(
                    HealthHome.beat().set(JobField.TAGS, List.of("needs-gpu")).build(),
                    health.dueIn(Duration.ofHours(1)));
            health.row(Execution.builder("waits", "beat1", health.now().minus(Duration.ofMinutes(5)))
                    .status(ExecutionStatus.RETRY)
                    .dueAt(health.now().minus(Duration.ofMinutes(5)))
                    .build());
            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"abilities\": [\"script\"]}");

            assertThat(Cli.at(home).run("status").out())
                    .startsWith("not healthy")
                    .contains("1 of them nobody can run")
                    .doesNotContain("nothing runs");
        }
    }

    @Test
    void messagesThatNoLiveNodeCanDeliverAreCountedByPlatform() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(HealthHome.beat().build(), health.dueIn(Duration.ofHours(1)));
            health.waiting("e1", "pigeon:loft", Duration.ofHours(1));
            health.waiting("e2", "console", Duration.ofHours(1));
            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"abilities\": [\"script\"], "
                    + "\"platforms\": [\"console\"]}");
            Cli cli = Cli.at(home);

            assertThat(cli.run("status", "--json").json())
                    .containsEntry("deliveries_waiting", 2)
                    .containsEntry("deliveries_undeliverable", Map.of("pigeon", 1));
            assertThat(cli.run("status").out()).contains("1 message waits for pigeon, to which no live node delivers");
            assertThat(cli.run("tick").out()).contains("Cannot deliver from here: 1 message waits for pigeon.");
        }
    }

    @Test
    void whileTheOnlyDaemonStopsNothingFiresAndThatIsNotHealthy() throws Exception {
        Path go = home.resolve("go");
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.script("beat.sh", "until [ -e '" + go + "' ]; do sleep 0.05; done\n");
            health.job(HealthHome.beat().build(), health.dueIn(Duration.ZERO));
            health.runtime().start();
            Cli cli = Cli.at(home);
            await().atMost(LONG)
                    .until(() -> !health.runtime().status().running().isEmpty());
            assertThat(cli.done("status").out()).contains("alive").doesNotContain("stopping");

            CompletableFuture<Void> stop = CompletableFuture.runAsync(health.runtime()::stop);
            await().atMost(LONG).until(() -> cli.run("status").out().contains("stopping"));
            assertThat(cli.run("status").exit()).isEqualTo(1);
            assertThat(cli.run("status").out()).contains("claims nothing more").doesNotContain("no daemon lives");
            assertThat(cli.run("doctor").out()).contains("was asked to end and claims nothing more");
            assertThat(cli.done("list").out()).contains("Nothing fires here now");

            Files.writeString(go, "");
            stop.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(cli.run("status").out()).contains("no daemon lives here").doesNotContain("stopping");
        }
    }

    @Test
    void aDaemonWhoseProviderIsNoneLivesAndFiresNothing() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of("cron.provider", "none"))) {
            health.job(HealthHome.beat().build(), health.dueIn(Duration.ofHours(1)));
            health.runtime().start();
            Cli cli = Cli.at(home);

            Cli.Result status = cli.run("status");
            assertThat(status.exit()).isEqualTo(1);
            assertThat(status.out())
                    .contains("idle  provider none", "the provider is none: nothing fires by itself")
                    .doesNotContain("no daemon lives", "a command fires here");
            assertThat(cli.run("doctor").out())
                    .contains("fires nothing by itself: its provider is none", "cron.provider to builtin")
                    .doesNotContain("no daemon lives");
            assertThat(cli.done("list").out()).contains("Nothing fires here now");
        }
    }

    @Test
    void aNodeOfThisMachineThatSaysNothingIsUnknownAndMayFireWhateverItIs() {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(HealthHome.beat().build(), health.dueIn(Duration.ofHours(1)));
            NodeIdentity older =
                    health.runtime().environment().nodeProbe().self().withNonce("older");
            health.runtime().store().nodes().join(older);
            Cli cli = Cli.at(home);

            assertThat(cli.done("status").out())
                    .startsWith("healthy")
                    .contains("node " + older.id() + "  unknown", "it has just begun, or is of an older version")
                    .doesNotContain("a command fires", "no daemon lives");
            assertThat(cli.run("doctor").out()).doesNotContain("no daemon lives");
            assertThat(cli.done("add", "every 2h", "--handler", "reindex").out())
                    .doesNotContain("Nothing fires", "nothing here can run it");
        }
    }

    @Test
    void aCommandSaysThatItIsOne() {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.runtime().join();
            String node = health.runtime().node().orElseThrow();

            Cli.Result status = Cli.at(home).run("status");
            assertThat(status.exit()).isEqualTo(1);
            assertThat(status.out())
                    .contains("no daemon lives", "a command fires here just now: node " + node)
                    .doesNotContain("unknown  provider");
        }
    }

    @Test
    void aNodesLineSaysHowItIsOnce() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.node("{\"alive\": NOW, \"last_clean\": NOW, \"provider\": \"builtin\"}");
            assertThat(Cli.at(home).done("status").out())
                    .containsPattern("node \\S+  alive  provider builtin  heartbeat (now|\\d+s ago)\n");
        }
    }

    @Test
    void aStoppedDaemonIsShownAlsoOnceItIsNoMemberAnyMore() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of());
                StoppedDaemon stopped = StoppedDaemon.of(home)) {
            health.node(
                    "{\"alive\": NOW, \"last_clean\": NOW, \"provider\": \"builtin\", \"abilities\": [\"script\"]}");
            Cli cli = Cli.at(home);

            Cli.Result status = cli.run("status");
            assertThat(status.exit()).isEqualTo(1);
            assertThat(status.out())
                    .startsWith("not healthy")
                    .contains("  alive  provider builtin")
                    .contains("node " + stopped.node() + "  stopped  provider builtin", "kill -CONT " + stopped.pid());
            assertThat(cli.run("doctor").out())
                    .contains("node " + stopped.node() + " is stopped", "kill -CONT " + stopped.pid());

            stopped.close();
            assertThat(cli.done("status").out()).startsWith("healthy").doesNotContain(stopped.node());
        }
    }

    @Test
    void aStalledOrFailingNodeIsNotHealthy() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.node("{\"alive\": 1000000000, \"pid\": 42, \"interval\": 60}");
            assertThat(Cli.at(home).run("status").out()).contains("not healthy", "stalled", "restart the daemon");
            health.node("{\"alive\": NOW, \"started\": 1000000000, \"interval\": 60, \"error\": \"disk full\"}");
            Cli.Result status = Cli.at(home).run("status");
            assertThat(status.exit()).isEqualTo(1);
            assertThat(status.out()).contains("failing", "disk full");
        }
    }
}
