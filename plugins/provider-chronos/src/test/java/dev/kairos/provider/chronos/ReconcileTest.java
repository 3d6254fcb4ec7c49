package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth.State;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Desired against armed. */
final class ReconcileTest {
    private final SteppedTime environment = new SteppedTime();
    private final StandInPortal portal = new StandInPortal(environment);
    private final Agent agent = new Agent(environment, portal.url(), Tokens.rsa("k1"));
    private final Instant soon =
            environment.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(600);

    @AfterEach
    void close() {
        agent.provider.stop();
        portal.close();
    }

    @Test
    void itArmsWhatIsMissingReArmsWhatMovedAndCancelsOrphans() {
        portal.put("kept", soon);
        portal.put("moved", soon.minusSeconds(300));
        portal.put("orphan", soon);
        agent.host.arm("kept", soon);
        agent.host.arm("moved", soon);
        agent.host.arm("missing", soon.plusSeconds(60));
        agent.host.arm("_wake", soon);
        agent.provider.reconcile();
        assertThat(portal.armed())
                .isEqualTo(Map.of("kept", soon, "moved", soon, "missing", soon.plusSeconds(60), "_wake", soon));
        assertThat(jobs("provision")).containsExactlyInAnyOrder("moved", "_wake", "missing");
        assertThat(jobs("cancel")).containsExactly("orphan");
        agent.provider.reconcile();
        assertThat(jobs("provision")).hasSize(3);
        assertThat(portal.calls("list")).hasSize(2);
        assertThat(agent.provider.health().state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void itTellsWhatThePortalHasAndTakesAllOfItBack() throws Exception {
        portal.put("a", soon);
        portal.put("b", soon.plusSeconds(60));
        ArmedTriggers armed = agent.provider.capability(ArmedTriggers.class).orElseThrow();
        assertThat(armed.armed()).isEqualTo(Map.of("a", soon, "b", soon.plusSeconds(60)));
        portal.fail("b", 100, 500, "");
        assertThatThrownBy(agent.provider::disarm)
                .hasMessageContaining("may still have some triggers")
                .hasMessageContaining("b (the portal 127.0.0.1 answered 500)");
        portal.fail("b", 0, 0, "");
        agent.provider.disarm();
        assertThat(portal.armed()).isEmpty();
        assertThat(armed.armed()).isEmpty();
    }

    @Test
    void theSoonestIsArmedFirst() {
        agent.host.arm("b", soon.plusSeconds(2));
        agent.host.arm("c", soon);
        agent.host.arm("a", soon.plusSeconds(4));
        agent.provider.reconcile();
        assertThat(jobs("provision")).containsExactly("c", "b", "a");
    }

    @Test
    void oneFailingJobDoesNotStopTheOthersAndIsNamed() {
        for (String job : List.of("a", "b", "c", "d")) {
            agent.host.arm(job, soon);
        }
        portal.put("orphan", soon);
        portal.fail("b", 100, 422, "{\"error\":\"bad_fire_at\"}");
        portal.fail("orphan", 100, 500, "");
        assertThatThrownBy(agent.provider::reconcile)
                .hasMessageContaining("2 jobs are not registered yet")
                .hasMessageContaining("b (the portal 127.0.0.1 answered 422 bad_fire_at)")
                .hasMessageContaining("orphan (the portal 127.0.0.1 answered 500)");
        assertThat(portal.armed()).containsOnlyKeys("a", "c", "d", "orphan");
        assertThat(agent.provider.health().state()).isEqualTo(State.FAILING);
        portal.fail("b", 0, 0, "");
        portal.fail("orphan", 0, 0, "");
        agent.provider.reconcile();
        assertThat(portal.armed()).containsOnlyKeys("a", "b", "c", "d");
    }

    @Test
    void aPortalThatIsAwayIsNotAskedForEveryJob() {
        for (int i = 0; i < 30; i++) {
            agent.host.arm("job-" + i, soon);
        }
        portal.fail("provision", 1_000, 503, "");
        assertThatThrownBy(agent.provider::reconcile)
                .hasMessageContaining("30 jobs are not registered yet")
                .hasMessageContaining("and 10 more (the portal 127.0.0.1 answered 503)");
        assertThat(jobs("provision")).hasSize(9);
    }

    @Test
    void aListThatCannotBeReadCancelsNothing() throws Exception {
        portal.put("orphan", soon);
        portal.fail("list", 3, 500, "");
        assertThatThrownBy(agent.provider::reconcile)
                .hasMessageContaining("no job could be registered: the portal 127.0.0.1 answered 500");
        portal.fail("list", 3, 500, "");
        assertThatThrownBy(() -> agent.provider.start(Agent.never())).hasMessageContaining("answered 500");
        assertThat(portal.armed()).containsOnlyKeys("orphan");
    }

    @Test
    void anInterruptEndsItPromptlyAndSaysWhatIsLeft() throws Exception {
        agent.host.arm("a", soon);
        agent.host.arm("b", soon.plusSeconds(1));
        agent.host.arm("c", soon.plusSeconds(2));
        portal.stall("b");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Task reconcile = environment.start("reconcile", () -> thrown.set(catchThrowable(agent.provider::reconcile)));
        await().until(() -> jobs("provision").contains("b"));
        reconcile.interrupt();
        assertThat(reconcile.join(Duration.ofSeconds(1))).isTrue();
        assertThat(thrown.get()).hasMessage("2 jobs are not registered yet: b, c (the time for it was over)");
        assertThat(portal.armed()).containsOnlyKeys("a");
    }

    @Test
    void aRefusedClientIsAskedOnceAndSaidOnce() throws Exception {
        portal.fail("list", 1_000, 403, "{\"error\":\"invalid_client\"}");
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> agent.provider.start(Agent.never()))
                        .hasMessageContaining("403 invalid_client");
                environment.pass(Duration.ofSeconds(50));
            }
            assertThat(portal.callCount()).isEqualTo(1);
            assertThat(agent.provider.health().state()).isEqualTo(State.FAILING);
            assertThat(agent.provider.health().detail()).contains("403 invalid_client");
            assertThat(log.warnings()).as("the host says why a start failed").isZero();
            environment.pass(Duration.ofMinutes(2));
            assertThatThrownBy(() -> agent.provider.start(Agent.never())).hasMessageContaining("invalid_client");
            assertThat(portal.callCount()).isEqualTo(2);
        }
        portal.fail("list", 0, 0, "");
        agent.settings.put("portal_url", portal.url().replace("127.0.0.1", "localhost"));
        agent.provider.start(Agent.never());
        assertThat(agent.provider.health().state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void aClientThatIsRefusedLaterIsSaidOnceToo() throws Exception {
        agent.provider.start(Agent.never());
        portal.fail("provision", 1_000, 403, "{\"error\":\"invalid_client\"}");
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 5; i++) {
                agent.host.arm("job-" + i, soon);
                agent.provider.onJobsChanged(JobChanges.of(Set.of("job-" + i)));
                await().until(() -> agent.provider.health().state() == State.FAILING);
                catchThrowable(agent.provider::reconcile);
            }
            assertThat(jobs("provision")).hasSize(1);
            assertThat(log.warnings()).isEqualTo(1);
        }
    }

    @Test
    void startArmsEverythingAndLeavesNoThread() throws Exception {
        agent.host.arm("a", soon);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        agent.provider.start(Agent.never());
        assertThat(portal.armed()).containsOnlyKeys("a");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("cron-chronos")
                        || thread.getName().endsWith("-SelectorManager") && !before.contains(thread)));
    }

    @Test
    void oneJobThatThePortalRejectsDoesNotKeepTheProviderFromStarting() throws Exception {
        agent.host.arm("a", soon);
        agent.host.arm("b", soon);
        portal.fail("a", 1_000, 422, "");
        agent.provider.start(Agent.never());
        assertThat(portal.armed()).containsOnlyKeys("b");
        assertThat(agent.provider.health().detail()).contains("a (the portal 127.0.0.1 answered 422)");
    }

    @Test
    void aChangeArmsReArmsAndCancels() throws Exception {
        agent.provider.start(Agent.never());
        agent.host.arm("a", soon);
        agent.provider.onJobsChanged(JobChanges.of(Set.of("a")));
        await().until(() -> portal.armed().equals(Map.of("a", soon)));
        agent.host.arm("a", soon.plusSeconds(60));
        agent.provider.onJobsChanged(JobChanges.of(Set.of("a")));
        await().until(() -> portal.armed().equals(Map.of("a", soon.plusSeconds(60))));
        environment.pass(Duration.ofSeconds(700));
        agent.host.tick();
        agent.provider.onJobsChanged(JobChanges.of(Set.of("a")));
        await().until(() -> portal.armed().isEmpty());
        assertThat(portal.calls("list")).hasSize(1);
    }

    @Test
    void whatCouldNotBeRegisteredIsTriedAgainWhileTheProcessLives() throws Exception {
        agent.provider.start(Agent.never());
        portal.fail("a", 4, 503, "");
        agent.host.arm("a", soon);
        agent.provider.onJobsChanged(JobChanges.of(Set.of("a")));
        await().until(() -> agent.provider.health().state() == State.FAILING);
        await().until(() -> portal.armed().containsKey("a"));
        await().until(() -> agent.provider.health().state() == State.HEALTHY);
    }

    @Test
    void aStopArmsWhatALastChangeMovedAndWaitsForNoPortal() throws Exception {
        agent.provider.start(Agent.never());
        agent.host.arm("a", soon);
        agent.provider.stop();
        assertThat(portal.armed()).containsOnlyKeys("a");

        agent.provider.start(Agent.never());
        portal.stall("b");
        agent.host.arm("b", soon);
        Duration begun = environment.uptime();
        agent.provider.stop();
        assertThat(environment.uptime().minus(begun)).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void aHandFiredJobHasItsNextOneShotArmedEvenWithoutAStart() throws Exception {
        agent.host.arm("a", environment.now());
        agent.host.arm("next", soon);
        assertThat(agent.provider.fireDue("a")).isTrue();
        assertThat(portal.armed()).isEqualTo(Map.of("next", soon));
    }

    private List<String> jobs(String path) {
        return portal.calls(path).stream().map(StandInPortal.Call::jobId).toList();
    }
}
