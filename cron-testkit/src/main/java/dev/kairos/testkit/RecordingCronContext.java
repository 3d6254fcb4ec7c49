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
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
 * uses up what is due, each once. Its calls can be made to throw, to be refused, to take their time and to hang.
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
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_PIECES = 600;

    private final Environment environment;
    private final Duration interval;
    private final Settings config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, DesiredTrigger> triggers = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Supplier<RuntimeException>> troubles = new ArrayList<>();
    private final List<Supplier<RuntimeException>> blindness = new ArrayList<>();
    private final List<FireResult.Reason> refusals = new ArrayList<>();
    private final List<Duration> postponements = new ArrayList<>();
    private final Map<Class<?>, Object> capabilities = new HashMap<>();
    private int armedCount;
    private ExecutionStatus ending = ExecutionStatus.OK;
    private int executions;
    private boolean isHanging;
    private boolean areRunsOpen;
    private Duration slowness = Duration.ZERO;
    private int inside;

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

    /** Lets a one-shot job, or {@code _wake}, be due at the instant, instead of the one it had. The provider is not told. */
    public void arm(String jobId, Instant dueAt) {
        Optional<Schedule> schedule =
                jobId.equals(Job.WAKE_ID) ? Optional.empty() : Optional.of(Schedule.once(dueAt, ZoneOffset.UTC));
        locked(() -> triggers.put(jobId, new DesiredTrigger(jobId, dueAt, schedule)));
    }

    /** The same for a job with a schedule, of which only the instant is used up. */
    public void arm(String jobId, Instant dueAt, Schedule schedule) {
        locked(() -> triggers.put(jobId, new DesiredTrigger(jobId, dueAt, Optional.of(schedule))));
    }

    /** Takes the job away, or pauses it. The provider is not told. */
    public void disarm(String jobId) {
        locked(() -> triggers.remove(jobId));
    }

    /** Lets the next tick or fire throw; may be called several times. */
    public void failNext(Supplier<RuntimeException> trouble) {
        locked(() -> troubles.add(trouble));
    }

    /** Lets the next look at {@link #desiredTriggers} throw; may be called several times. */
    public void failNextLook(Supplier<RuntimeException> trouble) {
        locked(() -> blindness.add(trouble));
    }

    /** Lets the next fire of a job be refused for the reason, its trigger not used up; may be called several times. */
    public void refuseNext(FireResult.Reason reason) {
        locked(() -> refusals.add(reason));
    }

    /** Lets the next fire of a job find that its instant has moved so far ahead meanwhile; may be called several times. */
    public void postponeNext(Duration by) {
        locked(() -> postponements.add(by));
    }

    /** Lets every tick and every fire from now on take so long. */
    public void takeEach(Duration time) {
        locked(() -> slowness = time);
    }

    /** Lets every tick and every fire from now on wait for {@link #release}, or until its thread is interrupted. */
    public void hang() {
        locked(() -> isHanging = true);
    }

    /** Lets go on what {@link #hang} holds. */
    public void release() {
        locked(() -> {
            isHanging = false;
            changed.signalAll();
            return true;
        });
    }

    /** Waits in real time until a tick or a fire is inside the host. */
    public boolean awaitInside(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (inside == 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return inside > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Lets every run that is claimed from now on go on for ever. */
    public void leaveRunsOpen() {
        locked(() -> areRunsOpen = true);
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
        takeTime();
        Instant now = environment.now();
        return locked(() -> {
            throwTrouble();
            if (request.jobId().equals(Job.WAKE_ID)) {
                takeDue(now, Optional.empty());
                return new FireResult.NotClaimed(FireResult.Reason.TICKED, earliest());
            }
            DesiredTrigger trigger = triggers.get(request.jobId());
            Instant dueAt = trigger == null ? null : trigger.dueAt();
            if (dueAt != null && !refusals.isEmpty()) {
                record(now, Optional.of(request.jobId()), List.of());
                return new FireResult.NotClaimed(refusals.remove(0), Optional.of(dueAt));
            }
            if (dueAt != null && !postponements.isEmpty()) {
                arm(request.jobId(), now.plus(postponements.remove(0)));
                record(now, Optional.of(request.jobId()), List.of());
                return new FireResult.NotClaimed(FireResult.Reason.NOT_DUE, earliest());
            }
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
                    areRunsOpen
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(row(request.jobId(), dueAt, now, ending)));
        });
    }

    @Override
    public TickReport tick() {
        takeTime();
        Instant now = environment.now();
        return locked(() -> {
            throwTrouble();
            List<String> fired = takeDue(now, Optional.empty());
            return new TickReport(now, fired, 0, 0, 0, false, earliest());
        });
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return locked(() -> {
            if (!blindness.isEmpty()) {
                throw blindness.remove(0).get();
            }
            return List.copyOf(triggers.values());
        });
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
        List<String> due = triggers.values().stream()
                .filter(trigger -> !trigger.dueAt().isAfter(now))
                .map(DesiredTrigger::jobId)
                .toList();
        due.forEach(triggers::remove);
        record(now, jobId, due);
        return due;
    }

    private Optional<Instant> earliest() {
        return triggers.values().stream().map(DesiredTrigger::dueAt).min(Instant::compareTo);
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

    /** Outside the lock of a call's own work: other calls go on meanwhile. */
    private void takeTime() {
        lock.lock();
        try {
            inside++;
            changed.signalAll();
            long left = slowness.toNanos();
            for (int pieces = 0; (isHanging || left > 0) && pieces < MOST_PIECES; pieces++) {
                long rest = changed.awaitNanos(isHanging ? PIECE_NANOS : left);
                left = isHanging ? left : Math.min(left, rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the host did not answer", e);
        } finally {
            inside--;
            lock.unlock();
        }
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
