package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of {@link CronSchedulerContract} share: what a provider's test may say, and one provider on its host. */
abstract class ProviderContract {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Environment REAL_TIME = new RealTimeEnvironment();

    private Set<Thread> threadsBefore = Set.of();
    private CronScheduler provider;
    private RecordingCronContext host;
    private ProviderRun run;

    /** A fresh provider, as the host would construct it. */
    protected abstract CronScheduler create();

    /** Real time, real threads; override it where the provider needs more of its host. */
    protected Environment environment() {
        return REAL_TIME;
    }

    /** The provider's own settings, {@code cron.<name>.*} without that beginning. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** A host for the provider; override it to offer capabilities. */
    protected RecordingCronContext host(Environment environment) {
        return new RecordingCronContext(environment, Duration.ofSeconds(60), MapSettings.of(settings()));
    }

    /** How much later than its declared latency a trigger may come on a busy machine. */
    protected Duration slack() {
        return Duration.ofSeconds(5);
    }

    /** The step of the instants that its registry knows, one minute for a crontab; zero where it takes any. */
    protected Duration grain() {
        return Duration.ZERO;
    }

    /**
     * Whether it pulls the trigger itself while it is started. One that only arms an outside registry answers false and
     * gives {@link #outside}: the contract then pulls what is armed there.
     */
    protected boolean wakesForItself() {
        return true;
    }

    /** A view of the registry in which it arms; without one the tests of {@code reconcile} that look there are skipped. */
    protected Optional<OutsideRegistry> outside() {
        return Optional.empty();
    }

    /** Whether the thread is kept by a library for the whole process and not by the provider. */
    protected boolean isALibrarys(Thread thread) {
        return false;
    }

    /** Within which {@code stop} returns and everything has ended. */
    Duration stopBound() {
        return Duration.ofSeconds(10);
    }

    /** What a host grants a call that opens no connection. */
    Duration quick() {
        return Duration.ofSeconds(5);
    }

    /** Within which it is armed. */
    Duration armBound() {
        return Duration.ofSeconds(30);
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
        host.release();
        run.stop(stopBound());
    }

    final CronScheduler provider() {
        return provider;
    }

    final RecordingCronContext host() {
        return host;
    }

    final ProviderRun run() {
        return run;
    }

    /** How late a trigger may come here. */
    final Duration bound() {
        return provider.traits().latency().plus(slack());
    }

    final void assertATriggerComes(String jobId) throws InterruptedException {
        host.arm(jobId, environment().now().plusMillis(100));
        provider.onJobsChanged(JobChanges.of(Set.of(jobId)));
        assertComes(jobId);
    }

    final void assertComes(String jobId) throws InterruptedException {
        Duration bound = bound();
        if (!wakesForItself()) {
            pull(jobId);
        }
        if (host.awaitCall(call -> call.fired().contains(jobId), bound).isEmpty()) {
            throw new AssertionError(
                    "no tick and no fire took '" + jobId + "' within " + bound + "; calls: " + host.calls());
        }
    }

    /** Plays the registry: waits until the job is armed there and its instant has come, then fires it. */
    private void pull(String jobId) throws InterruptedException {
        OutsideRegistry registry = outside()
                .orElseThrow(() -> new AssertionError("who does not wake for himself gives outside() in his test"));
        awaitUntil("'" + jobId + "' is armed outside", () -> registry.armed().containsKey(jobId));
        awaitUntil(
                "'" + jobId + "' is due",
                () -> host.desiredTriggers().stream()
                        .noneMatch(trigger -> trigger.jobId().equals(jobId)
                                && trigger.dueAt().isAfter(environment().now())));
        try {
            registry.pull(provider, jobId);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the trigger of '" + jobId + "' could not be pulled", e);
        }
    }

    /** Waits in real time, for as long as a trigger may be late. */
    final void awaitUntil(String what, Callable<Boolean> condition) throws InterruptedException {
        Duration end = environment().uptime().plus(bound());
        try {
            while (!condition.call()) {
                if (environment().uptime().compareTo(end) > 0) {
                    throw new AssertionError("not within " + bound() + ": " + what);
                }
                environment().newSignal().await(LOOK);
            }
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("could not be asked: " + what, e);
        }
    }

    /** Calls on a thread of its own, as a host does, and fails if no answer comes in time. */
    final <T> T within(Duration bound, String what, Callable<T> call) throws InterruptedException {
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Task task = environment().start("contract-" + what, () -> {
            try {
                answer.set(call.call());
            } catch (Throwable trouble) {
                thrown.set(trouble);
            }
        });
        boolean isInTime = task.join(bound);
        if (!isInTime) {
            task.interrupt();
        }
        assertThat(isInTime).as(what + " returned within " + bound).isTrue();
        Throwable trouble = thrown.get();
        if (trouble != null) {
            throw new AssertionError(what + " threw " + trouble, trouble);
        }
        T given = answer.get();
        if (given == null) {
            throw new AssertionError(what + " answered null");
        }
        return given;
    }

    /** Threads of the environment's own pool may idle on; they carry its name for idle ones. */
    final void assertNoThreadIsLeft() throws InterruptedException {
        Duration end = environment().uptime().plus(stopBound());
        for (Thread thread : newThreads()) {
            Duration left = end.minus(environment().uptime());
            thread.join(Math.max(1, left.toMillis()));
        }
        assertThat(newThreads()).as("threads left by the provider").isEmpty();
    }

    private Set<Thread> newThreads() {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(threadsBefore);
        now.removeIf(thread -> !thread.isAlive() || thread.getName().equals("kairos-idle") || isALibrarys(thread));
        now.removeIf(thread -> thread.getThreadGroup() != null
                && thread.getThreadGroup().getName().equals("system"));
        return now;
    }
}
