package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.NodeProbe.Liveness;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualEnvironmentTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualEnvironment environment = new ManualEnvironment(START);
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private void note(String what) {
        seen.add(what + "@" + environment.uptime().toSeconds());
    }

    private Task ticking(String name, Duration period, int times) {
        return environment.start(name, () -> {
            try {
                for (int i = 0; i < times; i++) {
                    environment.sleep(period);
                    note(name);
                }
            } catch (InterruptedException e) {
                note(name + " interrupted");
            }
        });
    }

    @Test
    void timeStandsStillUntilItIsMoved() {
        assertThat(environment.now()).isEqualTo(START);
        assertThat(environment.uptime()).isZero();
        environment.advance(Duration.ofMinutes(2));
        assertThat(environment.now()).isEqualTo(START.plusSeconds(120));
        assertThat(environment.uptime()).isEqualTo(Duration.ofMinutes(2));
        assertThatThrownBy(() -> environment.advance(SECOND.negated())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAdvanceVisitsEachDeadlineInOrder() {
        ticking("two", Duration.ofSeconds(2), 3);
        ticking("three", Duration.ofSeconds(3), 2);
        environment.advance(Duration.ofSeconds(5));
        assertThat(seen).containsExactly("two@2", "three@3", "two@4");
        environment.advance(Duration.ofHours(1));
        assertThat(seen)
                .startsWith("two@2", "three@3", "two@4")
                .contains("two@6", "three@6")
                .hasSize(5);
    }

    @Test
    void aStepOfTheWallClockEndsNoWait() {
        Task task = ticking("a", SECOND, 1);
        environment.stepWallClock(Duration.ofDays(1));
        environment.settle();
        assertThat(task.isDone()).isFalse();
        assertThat(environment.now()).isEqualTo(START.plus(Duration.ofDays(1)));
        environment.stepWallClock(Duration.ofDays(-2));
        environment.advance(SECOND);
        assertThat(task.isDone()).isTrue();
        assertThat(environment.now()).isEqualTo(START.minus(Duration.ofDays(1)).plusSeconds(1));
    }

    @Test
    void aRaiseIsRememberedOnce() throws InterruptedException {
        Signal signal = environment.newSignal();
        signal.raise();
        signal.raise();
        assertThat(signal.await(Duration.ZERO)).isTrue();
        assertThat(signal.await(Duration.ZERO)).isFalse();
    }

    @Test
    void aRaiseEndsAWait() {
        Signal signal = environment.newSignal();
        environment.start("waiter", () -> {
            try {
                note(signal.await(Duration.ofHours(1)) ? "raised" : "passed");
                note(signal.await(SECOND) ? "raised" : "passed");
            } catch (InterruptedException e) {
                note("interrupted");
            }
        });
        environment.settle();
        signal.raise();
        environment.settle();
        environment.advance(SECOND);
        assertThat(seen).containsExactly("raised@0", "passed@1");
    }

    @Test
    void anInterruptEndsAWaitAndReachesOnlyALivingBody() throws InterruptedException {
        Task task = ticking("a", SECOND, 1);
        environment.settle();
        task.interrupt();
        assertThat(task.join(SECOND)).isTrue();
        assertThat(seen).containsExactly("a interrupted@0");
        task.interrupt();
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void aTaskThatWaitsForTheTestItselfCountsAsAtRest() {
        CountDownLatch latch = new CountDownLatch(1);
        environment.start("held", () -> {
            try {
                latch.await();
                note("free");
            } catch (InterruptedException e) {
                note("interrupted");
            }
        });
        environment.advance(SECOND);
        assertThat(seen).isEmpty();
        latch.countDown();
    }

    @Test
    void aBusyTaskIsNamed() {
        AtomicBoolean stop = new AtomicBoolean();
        environment.settleWithin(SECOND);
        environment.start("spinner", () -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            assertThatThrownBy(environment::settle)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("spinner")
                    .hasMessageContaining("ManualEnvironmentTest");
        } finally {
            stop.set(true);
        }
    }

    @Test
    void chanceIsTheSameEachTimeAndAnotherNodesIsAnother() {
        long first = environment.random().nextLong();
        assertThat(new ManualEnvironment(START).random().nextLong()).isEqualTo(first);
        ManualEnvironment other = environment.anotherNode(2);
        assertThat(other.random().nextLong()).isNotEqualTo(first);
        assertThat(other.nodeProbe().self())
                .isNotEqualTo(environment.nodeProbe().self());
        environment.advance(SECOND);
        assertThat(other.now()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void theProbeAnswersWhatItWasTold() {
        ManualEnvironment other = environment.anotherNode(2);
        assertThat(environment.nodeProbe().livenessOf(environment.nodeProbe().self()))
                .isEqualTo(Liveness.ALIVE);
        assertThat(environment.nodeProbe().livenessOf(other.nodeProbe().self())).isEqualTo(Liveness.UNKNOWN);
        environment.nodeProbe().liveness(other.nodeProbe().self(), Liveness.DEAD);
        assertThat(environment.nodeProbe().livenessOf(other.nodeProbe().self())).isEqualTo(Liveness.DEAD);
    }

    @Test
    void filesBearVirtualTime(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("deep").resolve("er").resolve("file");
        assertThat(environment.files().read(file)).isEmpty();
        assertThat(environment.files().modifiedAt(file)).isEmpty();
        assertThat(environment.files().list(file.getParent())).isEmpty();
        environment.files().replace(file, "one".getBytes(StandardCharsets.UTF_8));
        environment.files().replaceQuickly(file, "two".getBytes(StandardCharsets.UTF_8));
        assertThat(environment.files().read(file))
                .hasValueSatisfying(content -> assertThat(content).asString().isEqualTo("two"));
        assertThat(environment.files().modifiedAt(file)).contains(START);
        assertThat(environment.files().list(file.getParent())).containsExactly(file);
        environment.files().delete(file);
        environment.files().delete(file);
        assertThat(environment.files().list(file.getParent())).isEmpty();
    }

    @Test
    void processesAreAScript() throws Exception {
        ProcessSpec spec = new ProcessSpec(List.of("backup"), Path.of("/"), Map.of(), 10);
        assertThatThrownBy(() -> environment.processes().start(spec)).hasMessageContaining("backup");
        ScriptedProcesses scripted = new ScriptedProcesses(
                environment, asked -> new ScriptedProcesses.Outcome(3, "out", "err", Duration.ofSeconds(10)));
        environment.processes(scripted);
        ChildProcess ends = environment.processes().start(spec);
        ChildProcess killed = environment.processes().start(spec);
        assertThat(ends.await(Duration.ZERO)).isFalse();
        killed.killTree(SECOND);
        environment.advance(Duration.ofSeconds(10));
        assertThat(ends.await(Duration.ZERO)).isTrue();
        assertThat(ends.exitCode()).isEqualTo(3);
        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(scripted.started()).containsExactly(spec, spec);
    }
}
