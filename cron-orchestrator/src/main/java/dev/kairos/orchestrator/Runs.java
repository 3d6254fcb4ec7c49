package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.EnvironmentEnded;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Claim;
import dev.kairos.orchestrator.ActiveRun.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts this node runs: bounded in number, each on a thread of its own, each ended when its time is over. An attempt
 * that ignores its end for {@link #PATIENCE} is given up: its slot is free again and its job does not start here while
 * the thread lives.
 */
final class Runs {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Logger LOG = LoggerFactory.getLogger("cron.run");
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final int most;
    private final RunPath path;
    private final HeldRuns held;
    private final Object lock = new Object();
    private final Map<String, ActiveRun> active = new LinkedHashMap<>();
    private final Map<String, ActiveRun> stuck = new LinkedHashMap<>();
    private final Set<String> unrecorded = new HashSet<>();
    private final Signal changed;
    /** Until when, in uptime, the deadlines that are known bring nobody to look. */
    private volatile Duration planned = Duration.ZERO;

    /**
     * An empty registry.
     *
     * @param path what a run's thread does, and how an attempt ends that has none
     */
    Runs(OrchestratorParts parts, RunPath path) {
        this.parts = parts;
        this.environment = parts.environment();
        this.most = parts.settings().maxParallelJobs();
        this.path = path;
        this.held = new HeldRuns(environment, new HeldRuns.Moves() {
            @Override
            public void mark(ActiveRun run, Consumer<Boolean> answered) {
                path.markAhead(run, answered);
            }

            @Override
            public void begin(ActiveRun run) {
                startThread(run);
            }

            @Override
            public void giveBack(ActiveRun run) {
                path.giveBackUnstarted(run);
            }
        });
        this.changed = environment.newSignal();
    }

    /**
     * How many more may start. A run that is over holds its slot no longer while its end is written, so that claims and the
     * writing of ends go on side by side; but as many ends as there are slots may wait to be written, for a silent store
     * must not fill the memory.
     */
    int free() {
        synchronized (lock) {
            int over = 0;
            for (ActiveRun run : active.values()) {
                over += run.isFinished() ? 1 : 0;
            }
            return Math.max(0, most - Math.max(active.size() - over, over));
        }
    }

    List<ActiveRun> active() {
        synchronized (lock) {
            return new ArrayList<>(active.values());
        }
    }

    /** Jobs whose thread ignored its end and still lives. */
    List<String> stuckJobs() {
        synchronized (lock) {
            return stuck.values().stream().map(run -> run.job().id()).distinct().toList();
        }
    }

    /**
     * Jobs that must not start here beside a thread that still lives: one that was given up, or one whose claim belongs to
     * a lease that was lost.
     *
     * @param node this node's present id
     */
    Set<String> heldBackJobs(String node) {
        synchronized (lock) {
            Set<String> jobs = new HashSet<>();
            stuck.values().forEach(run -> jobs.add(run.job().id()));
            active.values().stream()
                    .filter(run -> run.execution().node().filter(node::equals).isEmpty())
                    .forEach(run -> jobs.add(run.job().id()));
            return jobs;
        }
    }

    /**
     * Jobs whose run has ended here while its end is still being written: what comes due meanwhile is decided about once
     * that is recorded, or it would count as an overlap with a run that is over. A job that may overlap is none of them.
     */
    Set<String> endingJobs() {
        synchronized (lock) {
            Set<String> jobs = new HashSet<>();
            active.values().stream()
                    .filter(ActiveRun::isFinished)
                    .filter(run -> run.job().definition().get(JobField.OVERLAP, Overlap.SKIP) != Overlap.ALLOW)
                    .forEach(run -> jobs.add(run.job().id()));
            return jobs;
        }
    }

    /** Whether a thread of the job ignored its end and still lives. */
    boolean isStuck(String jobId) {
        synchronized (lock) {
            return !stuck.isEmpty()
                    && stuck.values().stream().anyMatch(run -> run.job().id().equals(jobId));
        }
    }

    /** The attempts whose end could not be recorded. */
    Set<String> unrecorded() {
        synchronized (lock) {
            return Set.copyOf(unrecorded);
        }
    }

    /** The end of the attempt could not be recorded, by whatever was tried. */
    void leaveUnrecorded(String executionId) {
        synchronized (lock) {
            unrecorded.add(executionId);
        }
    }

    void forgetUnrecorded(Set<String> handled) {
        synchronized (lock) {
            unrecorded.removeAll(handled);
        }
    }

    /**
     * Starts a run on a thread of its own, once its instant has come.
     *
     * @param before how the job stood when it was claimed, where that is known
     */
    ActiveRun start(Claim claim, Optional<EngineState> before) {
        ActiveRun run = new ActiveRun(claim, before, parts, this::turned);
        synchronized (lock) {
            active.put(claim.execution().id(), run);
        }
        if (claim.execution().status() != ExecutionStatus.CLAIMED) {
            startThread(run);
            return run;
        }
        try {
            held.add(run);
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            leaveUnstarted(run, e);
        }
        return run;
    }

    private void startThread(ActiveRun run) {
        Task task;
        try {
            task = environment.start("cron-run-" + run.execution().id(), () -> {
                try {
                    path.runOneJob(run);
                } finally {
                    threadEnded(run);
                }
            });
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            leaveUnstarted(run, e);
            return;
        }
        run.runsOn(task);
    }

    private void leaveUnstarted(ActiveRun run, Throwable why) {
        LOG.error(
                "cron.run-no-thread job={} give the process more threads or memory",
                run.job().id(),
                why);
        run.end(EndReason.STOPPED);
        path.giveUp(run);
    }

    /** The attempt's end is written, or will never be: its slot is free. */
    void ended(ActiveRun run, boolean isRecorded) {
        synchronized (lock) {
            active.remove(run.execution().id());
            if (!isRecorded) {
                unrecorded.add(run.execution().id());
            }
        }
    }

    private void threadEnded(ActiveRun run) {
        synchronized (lock) {
            run.threadEnded();
            stuck.remove(run.execution().id());
        }
    }

    /** A run has a deadline: whoever waits for a later one looks again. One that is held may have been told to end. */
    private void turned(ActiveRun run) {
        if (run.isEnding()) {
            held.look();
        } else if (run.deadline()
                .filter(deadline -> deadline.at().compareTo(planned) < 0)
                .isPresent()) {
            changed.raise();
        }
    }

    /** Something about the deadlines may have changed. */
    void look() {
        changed.raise();
    }

    /** Ends what has had its time, once, and answers how long until the next look. */
    Duration enforce() {
        Duration now = environment.uptime();
        planned = now.plus(IDLE); // at the latest: a run that begins while this looks counts as sooner
        Duration wait = IDLE;
        for (ActiveRun run : active()) {
            // Read once: a run that ends meanwhile loses its deadline.
            Optional<ActiveRun.Deadline> deadline = run.deadline();
            if (deadline.isPresent()) {
                Duration left = deadline.get().at().minus(now);
                if (left.isZero() || left.isNegative()) {
                    run.end(deadline.get().reason());
                    wait = min(wait, PATIENCE);
                } else {
                    wait = min(wait, left);
                }
            }
            Optional<Duration> endedAt = run.endedAt();
            if (endedAt.isPresent()) {
                Duration left = endedAt.get().plus(PATIENCE).minus(now);
                if (left.isZero() || left.isNegative()) {
                    abandon(run);
                } else {
                    wait = min(wait, left);
                }
            }
        }
        return wait;
    }

    private void abandon(ActiveRun run) {
        if (run.isFinished() || !run.isWorking()) {
            return; // only the writing of its end waits, for a silent store: perhaps on its own thread
        }
        boolean isNew;
        synchronized (lock) {
            isNew = run.isWorking() && stuck.put(run.execution().id(), run) == null;
        }
        if (isNew) {
            giveUp(run);
        }
    }

    /** On a thread of its own: writing the end may wait for a silent store, and other deadlines must not. */
    private void giveUp(ActiveRun run) {
        try {
            environment.start("cron-give-up", () -> path.giveUp(run));
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.give-up-no-thread execution={}", run.execution().id(), e);
            path.giveUp(run);
        }
    }

    /** Waits for the next deadline or change. */
    void awaitChange(Duration atMost) throws InterruptedException {
        changed.await(atMost);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
