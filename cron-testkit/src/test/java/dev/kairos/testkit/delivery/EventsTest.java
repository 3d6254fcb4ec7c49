package dev.kairos.testkit.delivery;

import static dev.kairos.testkit.delivery.RecordingChannel.refusal;
import static dev.kairos.testkit.delivery.SendingNode.JOB;
import static dev.kairos.testkit.delivery.SendingNode.NINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.StoreHook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listeners hear, in order: the words of docs/events.md. */
final class EventsTest {
    @TempDir
    private Path home;

    private final ManualEnvironment environment = new ManualEnvironment(NINE);
    private final MemoryStore store = new MemoryStore(environment);
    private final RecordingChannel chat = new RecordingChannel("chat", Duration.ZERO);
    private SendingNode node;

    @BeforeEach
    void assemble() {
        node = new SendingNode(environment, store, home, chat);
    }

    private List<String> told(String prefix) {
        return node.events().stream()
                .filter(event -> event.name().startsWith(prefix))
                .map(EventsTest::brief)
                .toList();
    }

    private static String brief(CronEvent event) {
        String state = event.details().getOrDefault("state", event.details().getOrDefault("status", ""));
        return event.name().substring("cron.".length()) + (state.isEmpty() ? "" : " " + state);
    }

    @Test
    void aRunAndItsDeliveryAreToldStepByStep() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        node.job("chat:a").open().runAndSend();
        node.after(Duration.ofSeconds(60));

        assertThat(told("cron.run")).containsExactly("run-claimed", "run-started", "run-ended ok");
        assertThat(told("cron.delivery"))
                .containsExactly(
                        "delivery pending",
                        "delivery claimed",
                        "delivery sending",
                        "delivery retry",
                        "delivery claimed",
                        "delivery sending",
                        "delivery delivered");
        assertThat(node.events())
                .filteredOn(event -> "retry".equals(event.details().get("state")))
                .singleElement()
                .satisfies(event -> assertThat(event.details())
                        .containsEntry("due_at", "2027-01-15T09:01:00Z")
                        .containsEntry("error", "503 try later")
                        .containsEntry("target", "chat:a")
                        .containsEntry("attempts", "1"));
    }

    @Test
    void aSkipThatAClaimDecidedIsTold() {
        node.ends(() -> {
            try {
                environment.sleep(Duration.ofMinutes(3));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return RunResult.ok("");
        });
        node.job(JOB, Duration.ofMinutes(1), "local").open().pass();
        node.after(Duration.ofMinutes(1)).after(Duration.ofMinutes(1));

        assertThat(told("cron.run")).containsExactly("run-claimed", "run-started", "run-skipped", "run-skipped");
        assertThat(node.events().get(node.events().size() - 1).details())
                .containsEntry("count", "2")
                .containsEntry("reason", "overlap: the job is running");
    }

    @Test
    void aFurtherAttemptIsTold() {
        node.ends(() -> RunResult.failed(FailureKind.TRANSIENT, "no", "")).retries(1);
        node.job("local").open().pass();
        node.after(Duration.ofSeconds(1));

        assertThat(told("cron.run"))
                .containsExactly(
                        "run-claimed",
                        "run-started",
                        "run-ended error",
                        "run-waiting retry",
                        "run-claimed",
                        "run-started",
                        "run-ended error");
    }

    @Test
    void aRunWhoseEndWaitsForASilentStoreIsNotCalledStuck() {
        AtomicBoolean isSilent = new AtomicBoolean();
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (isSilent.get() && write != Write.RENEW) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "database is locked", null);
                }
            }
        };
        node = new SendingNode(environment, new InterceptedStore(store, hook), home, chat).ends(() -> {
            isSilent.set(true);
            try {
                environment.sleep(Duration.ofHours(2));
            } catch (InterruptedException e) {
                return RunResult.ok("too late");
            }
            return RunResult.ok("in time");
        });
        node.job("local").open().pass();
        environment.advance(Duration.ofMinutes(65));
        assertThat(told("cron.run")).containsExactly("run-claimed", "run-started");
        isSilent.set(false);
        environment.advance(Duration.ofSeconds(5));

        assertThat(told("cron.run")).containsExactly("run-claimed", "run-started", "run-ended timed_out");
    }

    @Test
    void aThreadThatIgnoresItsEndIsToldAndNamed() {
        node.ends(() -> {
            Duration end = environment.uptime().plus(Duration.ofHours(2));
            while (environment.uptime().compareTo(end) < 0) {
                try {
                    environment.sleep(end.minus(environment.uptime()));
                } catch (InterruptedException e) {
                    // this is what it is for
                }
            }
            return RunResult.ok("late");
        });
        node.job("local").open().pass();
        environment.advance(Duration.ofMinutes(61));

        assertThat(told("cron.run"))
                .containsExactly("run-claimed", "run-started", "run-given-up", "run-ended timed_out");
        assertThat(node.orchestrator().report().stuckJobs()).containsExactly(JOB);
    }

    @Test
    void whatBecomesOfJobsIsToldOnceAndAFireIsNoChange() {
        node.open();
        environment.advance(Duration.ofSeconds(3));
        node.job(JOB, Duration.ofSeconds(1), "local");
        environment.advance(Duration.ofSeconds(2));
        node.pass().after(Duration.ofSeconds(2));
        node.pause();
        node.after(Duration.ofSeconds(2));
        store.claims()
                .decide(
                        JOB,
                        view -> Amendment.builder()
                                .definition(view.job().orElseThrow().definition().toBuilder()
                                        .set(JobField.ENABLED, true)
                                        .build())
                                .build());
        node.after(Duration.ofSeconds(2));
        node.failuresTo("chat:b");
        node.after(Duration.ofSeconds(2));
        node.remove();
        environment.advance(Duration.ofSeconds(2));

        assertThat(told("cron.job"))
                .containsExactly("job-created", "job-paused", "job-resumed", "job-edited", "job-removed");
    }

    @Test
    void aNodeThatJoinsLosesItsLeaseAndLeavesIsTold() {
        node.open();
        store.nodes().leave(node.orchestrator().report().node());
        environment.advance(Duration.ofSeconds(3));
        node.orchestrator().close(Duration.ZERO, Duration.ZERO);

        assertThat(told("cron.node")).containsExactly("node-joined", "node-lost", "node-joined", "node-left");
    }

    @Test
    void whoSaysWhatTheNodeIsLearnsAtOnceOfItsOtherIdAfterALossOfTheLease() {
        node.open();
        List<String> told = new ArrayList<>();
        node.orchestrator()
                .onStoreTurned(() -> told.add(node.orchestrator().report().node()));
        String former = node.orchestrator().report().node();
        store.nodes().leave(former);
        environment.advance(Duration.ofSeconds(3));

        assertThat(told).containsExactly(node.orchestrator().report().node()).doesNotContain(former);
    }

    @Test
    void aDeadNeighbourAndWhatItLeftAreTold() {
        ManualEnvironment other = environment.anotherNode(2);
        store.nodes().join(other.nodeProbe().self());
        SendingNode dead = new SendingNode(other, store, home, chat).job("local");
        store.claims()
                .decide(JOB, view -> Amendment.builder().row(dead.runningRow()).build());
        node.open();
        environment.advance(Duration.ofSeconds(14));

        assertThat(told("cron.node")).containsExactly("node-joined", "node-expelled");
        assertThat(told("cron.run")).containsExactly("run-recovered", "run-ended unknown");
    }
}
