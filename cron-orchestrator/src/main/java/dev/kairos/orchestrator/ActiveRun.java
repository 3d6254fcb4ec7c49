package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.store.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt in the hands of this node, from its claim to its completion. */
final class ActiveRun implements RunRequest {
    private static final Duration AGENT_LIMIT = Duration.ofHours(4);
    private static final Duration OTHER_LIMIT = Duration.ofHours(1);
    /** A cancelled agent has ended within three seconds, wherever it runs. */
    private static final Duration AGENT_CANCEL_GRACE = Duration.ofSeconds(1);

    private static final Duration AGENT_IDLE_LIMIT = Duration.ofSeconds(600);

    /** Why the host ends an attempt. */
    enum EndReason {
        TIMED_OUT,
        IDLE,
        CANCELLED,
        STOPPED,
        NODE_LOST
    }

    private final Optional<EngineState> before;
    private final Consumer<ActiveRun> onTurn;
    private final Environment environment;
    private final Path home;
    private final StorePlace place;
    private final CompletableFuture<Execution> completion = new CompletableFuture<>();
    private final Object lock = new Object();
    private Claim claim;
    private @Nullable Task task;
    private @Nullable EndReason ending;
    private @Nullable Duration deadline;
    private @Nullable Duration progressedAt;
    private List<Backend> backends = List.of();
    private @Nullable Duration endedAt;
    private boolean isFinished;
    private boolean hasThreadEnded;

    /**
     * A claimed attempt.
     *
     * @param onTurn told once the attempt has a deadline, and when it is told to end before it has a thread
     */
    ActiveRun(Claim claim, Optional<EngineState> before, OrchestratorParts parts, Consumer<ActiveRun> onTurn) {
        this.claim = claim;
        this.onTurn = onTurn;
        this.before = before;
        this.environment = parts.environment();
        this.home = parts.home();
        this.place = parts.place();
    }

    @Override
    public Job job() {
        synchronized (lock) {
            return claim.job();
        }
    }

    @Override
    public Execution execution() {
        synchronized (lock) {
            return claim.execution();
        }
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Path stateFolder() {
        return home.resolve("cron").resolve("state").resolve(job().id());
    }

    /** A run that has begun goes on without it where the store has fallen silent. */
    @Override
    public Optional<String> storePlace() {
        return place.askIfItAnswers();
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Duration timeout() {
        return job().definition()
                .get(JobField.TIMEOUT, job().definition().workKind() == WorkKind.AGENT ? AGENT_LIMIT : OTHER_LIMIT);
    }

    /** How long the attempt may go on without a sign of progress; empty where it may. */
    Optional<Duration> idleTimeout() {
        return job().definition()
                .get(JobField.IDLE_TIMEOUT)
                .or(() -> job().definition().workKind() == WorkKind.AGENT
                        ? Optional.of(AGENT_IDLE_LIMIT)
                        : Optional.empty());
    }

    @Override
    public List<Backend> backends() {
        synchronized (lock) {
            return backends;
        }
    }

    void mayUse(List<Backend> open) {
        synchronized (lock) {
            backends = List.copyOf(open);
        }
    }

    /** The backend of the model entry, where the attempt may use it. */
    Optional<Backend> backend(Optional<String> entry) {
        return backends().stream()
                .filter(backend -> entry.filter(backend.entry()::equals).isPresent())
                .findFirst();
    }

    @Override
    public void progressed() {
        Duration now = environment.uptime();
        synchronized (lock) {
            progressedAt = now;
        }
    }

    @Override
    public boolean isEnding() {
        return ending().isPresent();
    }

    @Override
    public Duration grace() {
        boolean isWaitedFor = ending().filter(EndReason.CANCELLED::equals).isPresent()
                && job().definition().workKind() == WorkKind.AGENT;
        return isWaitedFor ? AGENT_CANCEL_GRACE : RunRequest.super.grace();
    }

    /** How the job stood when it was claimed, where that is known. */
    Optional<EngineState> before() {
        return before;
    }

    CompletableFuture<Execution> completion() {
        return completion;
    }

    Optional<EndReason> ending() {
        synchronized (lock) {
            return Optional.ofNullable(ending);
        }
    }

    /** The claim as the start mark left it. */
    void marked(Claim running) {
        synchronized (lock) {
            claim = running;
        }
    }

    /** From now on the attempt's time counts. */
    void began() {
        Duration now = environment.uptime();
        Duration limit = timeout();
        synchronized (lock) {
            deadline = now.plus(limit);
            progressedAt = now;
        }
        onTurn.accept(this);
    }

    /** When its time is over, and why, in uptime; empty before it began or once it was told to end. */
    Optional<Deadline> deadline() {
        Optional<Duration> idle = idleTimeout();
        synchronized (lock) {
            if (ending != null || isFinished || deadline == null || progressedAt == null) {
                return Optional.empty();
            }
            Deadline whole = new Deadline(deadline, EndReason.TIMED_OUT);
            return idle.map(progressedAt::plus)
                    .filter(at -> at.compareTo(whole.at()) < 0)
                    .map(at -> new Deadline(at, EndReason.IDLE))
                    .or(() -> Optional.of(whole));
        }
    }

    /** When the host ends the attempt, in uptime, and why. */
    record Deadline(Duration at, EndReason reason) {}

    /** When it was told to end, in uptime. */
    Optional<Duration> endedAt() {
        synchronized (lock) {
            return Optional.ofNullable(endedAt);
        }
    }

    void runsOn(Task worker) {
        boolean isLate;
        synchronized (lock) {
            task = worker;
            isLate = ending != null;
        }
        if (isLate) {
            worker.interrupt();
        }
    }

    /** Whether no thread could be had for it. */
    boolean hasNoThread() {
        synchronized (lock) {
            return task == null;
        }
    }

    /** Whether its thread still lives. */
    boolean isWorking() {
        synchronized (lock) {
            return !hasThreadEnded && task != null && !task.isDone();
        }
    }

    void threadEnded() {
        synchronized (lock) {
            hasThreadEnded = true;
        }
    }

    /** Tells the attempt to end; the first reason stands. */
    void end(EndReason reason) {
        Duration now = environment.uptime();
        Task worker;
        synchronized (lock) {
            if (ending != null || isFinished) {
                return;
            }
            ending = reason;
            endedAt = now;
            worker = task;
        }
        if (worker != null) {
            worker.interrupt();
        } else {
            onTurn.accept(this);
        }
    }

    /** Whether somebody writes its end, or wrote it. */
    boolean isFinished() {
        synchronized (lock) {
            return isFinished;
        }
    }

    /** Whether the caller is the one who writes the attempt's end: true once. */
    boolean finish() {
        synchronized (lock) {
            boolean isFirst = !isFinished;
            isFinished = true;
            return isFirst;
        }
    }
}
