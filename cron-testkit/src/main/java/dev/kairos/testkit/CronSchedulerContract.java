package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.api.ledger.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every provider must keep, whatever pulls its trigger. A provider's test extends it, makes the provider, and gives
 * an environment that runs in real time; the host here is a {@link RecordingCronContext}.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class CronSchedulerContract {
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);
    private static final Duration ARM_BOUND = Duration.ofSeconds(30);
    private static final int CYCLES = 20;

    private Set<Thread> threadsBefore = Set.of();
    private CronScheduler provider;
    private RecordingCronContext host;
    private ProviderRun run;

    /** A fresh provider, as the host would construct it. */
    protected abstract CronScheduler create();

    /** Real time, real threads. */
    protected abstract Environment environment();

    /** A host for the provider; override it to give the provider settings. */
    protected RecordingCronContext host(Environment environment) {
        return new RecordingCronContext(environment, Duration.ofSeconds(60));
    }

    /** How much later than its declared latency a trigger may come on a busy machine. */
    protected Duration slack() {
        return Duration.ofSeconds(5);
    }

    @BeforeEach
    final void bindANewProvider() {
        threadsBefore = Thread.getAllStackTraces().keySet();
        Environment environment = environment();
        provider = create();
        host = host(environment);
        provider.bind(host);
        run = new ProviderRun(environment, provider, host);
    }

    @AfterEach
    final void stopWhatStillRuns() throws InterruptedException {
        run.stop(STOP_BOUND);
    }

    @Test
    final void itsNameIsLegalAndNeedsNoHost() {
        CronScheduler unbound = create();
        assertThat(unbound.name()).matches("[a-z0-9][a-z0-9-]{0,63}").isEqualTo(unbound.name());
        assertThat(create().name()).isEqualTo(unbound.name());
    }

    @Test
    final void itIsAvailableInThisTest() {
        assertThat(provider.isAvailable()).isTrue();
    }

    @Test
    final void aStopBeforeAnyStartDoesNothing() {
        assertThatCode(provider::stop).doesNotThrowAnyException();
        assertThatCode(provider::stop).doesNotThrowAnyException();
    }

    @Test
    final void itArmsWithinItsBound() throws InterruptedException {
        run.start();
        assertThat(run.awaitArmed(ARM_BOUND)).as("armed").isTrue();
    }

    @Test
    final void theStopSignalAloneEndsABlockingStart() throws InterruptedException {
        run.start();
        run.awaitArmed(ARM_BOUND);
        if (provider.traits().startBlocks()) {
            assertThat(run.isRunning()).as("start blocks until the stop").isTrue();
        }
        run.raise();
        assertThat(run.join(STOP_BOUND)).as("start returned").isTrue();
        assertThat(run.thrown()).isEmpty();
    }

    @Test
    final void stopIsIdempotentAndLeavesNoThread() throws InterruptedException {
        run.start();
        run.awaitArmed(ARM_BOUND);
        run.stop(STOP_BOUND);
        provider.stop();
        provider.stop();
        assertThat(run.isRunning()).isFalse();
        assertNoThreadIsLeft();
    }

    @Test
    final void itStartsAgainAfterAStop() throws InterruptedException {
        for (int cycle = 0; cycle < 3; cycle++) {
            run.start();
            assertThat(run.awaitArmed(ARM_BOUND)).as("armed in cycle " + cycle).isTrue();
            assertATriggerComes("again-" + cycle);
            run.stop(STOP_BOUND);
            assertThat(run.isRunning()).as("running in cycle " + cycle).isFalse();
        }
        assertNoThreadIsLeft();
    }

    @Test
    final void startsAndStopsInQuickSuccessionLeaveNothingBehind() throws InterruptedException {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            run.start();
            if (cycle % 2 == 0) {
                run.awaitArmed(ARM_BOUND);
            }
            run.stop(STOP_BOUND);
            assertThat(run.isRunning()).as("running after cycle " + cycle).isFalse();
        }
        int callsAtTheEnd = host.calls().size();
        assertNoThreadIsLeft();
        host.arm("late", environment().now());
        assertThat(host.awaitCall(call -> host.calls().size() > callsAtTheEnd, Duration.ofMillis(300)))
                .as("a stopped provider calls nobody")
                .isEmpty();
    }

    @Test
    final void whatIsDueBeforeTheStartIsAskedForSoonAfterIt() throws InterruptedException {
        host.arm("early", environment().now());
        run.start();
        assertComes("early");
    }

    @Test
    final void aTriggerComesAtItsInstantAndNotBefore() throws InterruptedException {
        Instant dueAt = environment().now().plusMillis(700);
        host.arm("timely", dueAt);
        host.arm("later", dueAt.plus(Duration.ofHours(1)));
        run.start();
        assertComes("timely");
        assertThat(host.calls())
                .as("a trigger an hour before its instant")
                .noneMatch(call -> call.jobId().filter("later"::equals).isPresent());
    }

    @Test
    final void aTriggerFromOutsideIsTrueOnceAndOnlyForWhatIsDue() throws InterruptedException {
        host.arm("outside", environment().now());
        host.arm("tomorrow", environment().now().plus(Duration.ofDays(1)));
        assertThat(provider.fireDue("outside")).as("due, claimed, ran").isTrue();
        assertThat(provider.fireDue("outside")).as("claimed already").isFalse();
        assertThat(provider.fireDue("tomorrow")).as("not due").isFalse();
        assertThat(provider.fireDue("nobody")).as("no such job").isFalse();
        assertThat(host.calls().stream().flatMap(call -> call.fired().stream())).containsExactly("outside");
    }

    @Test
    final void ofManyTriggersFromOutsideForOneOccurrenceOneIsTrue() throws InterruptedException {
        host.arm("outside", environment().now());
        AtomicInteger won = new AtomicInteger();
        List<Task> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(environment().start("outside-" + i, () -> countIfFired(won)));
        }
        for (Task caller : callers) {
            assertThat(caller.join(ARM_BOUND)).as("fireDue returned").isTrue();
        }
        assertThat(won).hasValue(1);
    }

    private void countIfFired(AtomicInteger won) {
        try {
            if (provider.fireDue("outside")) {
                won.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    final void aTriggerFromOutsideWhoseRunNeverBeganIsFalse() throws InterruptedException {
        host.arm("outside", environment().now());
        host.refuseStarts();
        assertThat(provider.fireDue("outside")).isFalse();
    }

    @Test
    final void aTriggerFromOutsideIsFalseWhereTheJobLacksItsConfigurationOrTheClaimIsGivenBack()
            throws InterruptedException {
        for (ExecutionStatus status : List.of(ExecutionStatus.BLOCKED_CONFIG, ExecutionStatus.RUNNING)) {
            host.arm("outside", environment().now());
            host.endRunsAs(status);
            assertThat(provider.fireDue("outside")).as(status.word()).isFalse();
        }
        host.arm("outside", environment().now());
        host.endRunsAs(ExecutionStatus.ERROR);
        assertThat(provider.fireDue("outside")).as("it ran, and failed").isTrue();
    }

    @Test
    final void aChangeIsNoticedWhileItWaits() throws InterruptedException {
        run.start();
        run.awaitArmed(ARM_BOUND);
        assertATriggerComes("changed");
    }

    @Test
    final void anUnknownChangeIsNoticedToo() throws InterruptedException {
        run.start();
        run.awaitArmed(ARM_BOUND);
        host.arm("unsaid", environment().now().plusMillis(200));
        provider.onJobsChanged(JobChanges.unknown());
        assertComes("unsaid");
    }

    @Test
    final void aHostThatThrowsDoesNotEndIt() throws InterruptedException {
        host.failNext(() -> new IllegalStateException("the store is away"));
        run.start();
        run.awaitArmed(ARM_BOUND);
        assertATriggerComes("after-trouble");
    }

    @Test
    final void changesBeforeTheStartAndAfterTheStopHarmNothing() throws InterruptedException {
        assertThatCode(() -> provider.onJobsChanged(JobChanges.unknown())).doesNotThrowAnyException();
        run.start();
        run.awaitArmed(ARM_BOUND);
        run.stop(STOP_BOUND);
        assertThatCode(() -> provider.onJobsChanged(JobChanges.of(Set.of("gone"))))
                .doesNotThrowAnyException();
        assertThatCode(provider::health).doesNotThrowAnyException();
    }

    private void assertATriggerComes(String jobId) throws InterruptedException {
        host.arm(jobId, environment().now().plusMillis(200));
        provider.onJobsChanged(JobChanges.of(Set.of(jobId)));
        assertComes(jobId);
    }

    private RecordingCronContext.Call assertComes(String jobId) throws InterruptedException {
        Duration bound = provider.traits().latency().plus(slack());
        return host.awaitCall(call -> call.fired().contains(jobId), bound)
                .orElseThrow(() -> new AssertionError(
                        "no tick and no fire took '" + jobId + "' within " + bound + "; calls: " + host.calls()));
    }

    /** Threads of the environment's own pool may idle on; they carry its name for idle ones. */
    private void assertNoThreadIsLeft() throws InterruptedException {
        Set<Thread> left = newThreads();
        for (Thread thread : left) {
            thread.join(STOP_BOUND.toMillis());
        }
        assertThat(newThreads()).as("threads left by the provider").isEmpty();
    }

    private Set<Thread> newThreads() {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(threadsBefore);
        now.removeIf(thread -> !thread.isAlive() || thread.getName().equals("kairos-idle"));
        now.removeIf(thread -> thread.getThreadGroup() != null
                && thread.getThreadGroup().getName().equals("system"));
        return now;
    }
}
