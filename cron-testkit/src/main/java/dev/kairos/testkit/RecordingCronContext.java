package dev.kairos.testkit;

import dev.kairos.api.CronContext;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.Settings;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A host that only remembers: what a provider asks of it and when. It knows triggers instead of jobs; a tick or a fire
 * uses up what is due, each once. The next calls can be made to throw.
 *
 * <p>Thread-safe; waits are in real time. Status: experimental since 0.1.
 */
public final class RecordingCronContext implements CronContext {
    /**
     * One call by the provider.
     *
     * @param at the environment's instant of the call
     * @param jobId the job of a fire; empty for a tick
     * @param fired the jobs whose trigger it used up
     */
    public record Call(Instant at, Optional<String> jobId, List<String> fired) {
        public Call {
            fired = List.copyOf(fired);
        }
    }

    private static final Duration EARLY = Duration.ofSeconds(30);

    private final Environment environment;
    private final Duration interval;
    private final Settings config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Instant> triggers = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Supplier<RuntimeException>> troubles = new ArrayList<>();
    private final Map<Class<?>, Object> capabilities = new HashMap<>();
    private int armedCount;
    private ExecutionStatus ending = ExecutionStatus.OK;
    private int executions;

    /**
     * A host without settings.
     *
     * @param interval the interval of the backstop tick
     */
    public RecordingCronContext(Environment environment, Duration interval) {
        this(environment, interval, NoSettings.INSTANCE);
    }

    /** A host with the given settings for its provider. */
    public RecordingCronContext(Environment environment, Duration interval, Settings config) {
        this.environment = environment;
        this.interval = interval;
        this.config = config;
    }

    /** Lets a trigger be due at the instant, instead of the one the job had. The provider is not told. */
    public void arm(String jobId, Instant dueAt) {
        locked(() -> triggers.put(jobId, dueAt));
    }

    /** Lets the next tick or fire throw; may be called several times. */
    public void failNext(Supplier<RuntimeException> trouble) {
        locked(() -> troubles.add(trouble));
    }

    /** Lets every claim from now on end as skipped, its run never begun. */
    public void refuseStarts() {
        endRunsAs(ExecutionStatus.SKIPPED);
    }

    /** Lets every claim from now on end so; with an open status it is given back. */
    public void endRunsAs(ExecutionStatus status) {
        locked(() -> ending = status);
    }

    /** Offers a capability. */
    public <T> void offer(Class<T> type, T capability) {
        locked(() -> capabilities.put(type, capability));
    }

    /** The calls so far, those that threw excluded. */
    public List<Call> calls() {
        return locked(() -> List.copyOf(calls));
    }

    /** How many of the troubles were not thrown yet. */
    public int troublesLeft() {
        return locked(troubles::size);
    }

    /** How often the provider said that it is armed. */
    public int armedCount() {
        return locked(() -> armedCount);
    }

    /** Waits in real time until a call matches; empty when the bound has passed. */
    public Optional<Call> awaitCall(Predicate<Call> wanted, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (true) {
                Optional<Call> found = calls.stream().filter(wanted).findFirst();
                if (found.isPresent() || left <= 0) {
                    return found;
                }
                left = changed.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)))
                        + (left - Math.min(left, TimeUnit.SECONDS.toNanos(1)));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FireResult fire(FireRequest request) {
        Instant now = environment.now();
        return locked(() -> {
            throwTrouble();
            if (request.jobId().equals(Job.WAKE_ID)) {
                takeDue(now, Optional.empty());
                return new FireResult.NotClaimed(FireResult.Reason.TICKED, earliest());
            }
            Instant dueAt = triggers.get(request.jobId());
            Instant latest = request.instant().orElse(now.plus(EARLY));
            if (dueAt == null || dueAt.isAfter(latest) || dueAt.isAfter(now.plus(EARLY))) {
                record(now, Optional.of(request.jobId()), List.of());
                FireResult.Reason reason = dueAt == null ? FireResult.Reason.NO_SUCH_JOB : FireResult.Reason.NOT_DUE;
                return new FireResult.NotClaimed(reason, Optional.ofNullable(dueAt));
            }
            triggers.remove(request.jobId());
            record(now, Optional.of(request.jobId()), List.of(request.jobId()));
            return new FireResult.Claimed(
                    row(request.jobId(), dueAt, now, ExecutionStatus.RUNNING),
                    CompletableFuture.completedFuture(row(request.jobId(), dueAt, now, ending)));
        });
    }

    @Override
    public TickReport tick() {
        Instant now = environment.now();
        return locked(() -> {
            throwTrouble();
            List<String> fired = takeDue(now, Optional.empty());
            return new TickReport(now, fired, 0, 0, 0, false, earliest());
        });
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return locked(() -> triggers.entrySet().stream()
                .map(entry -> new DesiredTrigger(entry.getKey(), entry.getValue(), Optional.empty()))
                .toList());
    }

    @Override
    public Settings config() {
        return config;
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void armed() {
        locked(() -> armedCount++);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return locked(() -> Optional.ofNullable(capabilities.get(type)).map(type::cast));
    }

    private List<String> takeDue(Instant now, Optional<String> jobId) {
        List<String> due = triggers.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(triggers::remove);
        record(now, jobId, due);
        return due;
    }

    private Optional<Instant> earliest() {
        return triggers.values().stream().min(Instant::compareTo);
    }

    private Execution row(String jobId, Instant dueAt, Instant now, ExecutionStatus status) {
        Execution.Builder row = Execution.builder(String.format("%016x", ++executions), jobId, dueAt)
                .status(status)
                .node("recording")
                .fence(1)
                .claimedAt(now);
        if (status != ExecutionStatus.SKIPPED) {
            row.startedAt(now);
        }
        return status.isOpen() ? row.build() : row.finishedAt(now).build();
    }

    private void record(Instant now, Optional<String> jobId, List<String> fired) {
        calls.add(new Call(now, jobId, fired));
        changed.signalAll();
    }

    private void throwTrouble() {
        if (!troubles.isEmpty()) {
            throw troubles.remove(0).get();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
