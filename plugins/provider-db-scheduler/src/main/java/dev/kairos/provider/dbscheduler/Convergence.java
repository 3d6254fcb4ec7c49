package dev.kairos.provider.dbscheduler;

import dev.kairos.api.CronContext;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the armed set toward what the host desires: on a thread of its own, many changes in one go, and again until it
 * succeeded. What fails for one job is tried again for that job; when the engine fails, everything is compared anew once
 * it answers.
 */
final class Convergence {
    private static final Logger LOG = LoggerFactory.getLogger("cron.db-scheduler");
    /** How often an idle engine is asked whether it is there. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    /** The host's list costs as much as there are jobs: it is asked for a fifth of the time at most ... */
    private static final int REST = 4;
    /** ... but a machine that slept meanwhile does not keep what is to be armed waiting for longer than this. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final CronContext host;
    private final ArmedSet armed;
    private final Signal wake;
    private final Signal ended;
    private final Object turn = new Object();
    private final Object lock = new Object();
    private Set<String> moved = new TreeSet<>();
    private boolean isAllUnknown;
    /** Whether some trigger to be armed fires just now, so that it is tried again soon. */
    private volatile boolean isAnyBusy;

    private Duration busyPause = SOON;
    private volatile boolean isStopping;
    private volatile @Nullable Task follower;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Map<String, Instant> lastArmed = Map.of();

    Convergence(CronContext host, ArmedSet armed) {
        this.host = host;
        this.armed = armed;
        this.wake = host.environment().newSignal();
        this.ended = host.environment().newSignal();
    }

    /** Begins to follow; ends after {@link #stop}. */
    void begin() {
        follower = host.environment().start("cron-db-scheduler-arm", this::follow);
    }

    /** Lets it end; {@link #join} waits for that. */
    void stop() {
        isStopping = true;
        wake.raise();
        ended.raise();
    }

    void join() throws InterruptedException {
        Task following = follower;
        if (following != null) {
            following.join(TO_END);
        }
    }

    /** Notes what moved; returns at once. */
    void changed(JobChanges changes) {
        synchronized (lock) {
            isAllUnknown |= changes.isUnknown();
            moved.addAll(changes.jobIds());
        }
        wake.raise();
    }

    /** Why the engine does not work, in plain words; empty while it does. */
    Optional<String> trouble() {
        return trouble;
    }

    /** What is armed; while the engine does not answer, what it last said: then its health says why. */
    Map<String, Instant> armed() throws EngineTrouble {
        if (trouble.isEmpty()) {
            lastArmed = armed.all();
        }
        return lastArmed;
    }

    /**
     * Compares everything now.
     *
     * @throws EngineTrouble if the engine does not answer
     */
    void all() throws EngineTrouble {
        synchronized (turn) {
            // In this order: what is armed for a job that was made meanwhile is no orphan.
            Map<String, Instant> before = armed.all();
            Map<String, Instant> desired = desired();
            Map<String, Instant> toArm = new TreeMap<>(desired);
            toArm.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
            isAnyBusy = retry(armed.arm(toArm));
            Set<String> orphans = new TreeSet<>(before.keySet());
            orphans.removeAll(desired.keySet());
            armed.cancel(orphans);
        }
    }

    private void some(Set<String> ids) throws EngineTrouble {
        synchronized (turn) {
            Map<String, Instant> desired = desired();
            ids.add(Job.WAKE_ID);
            Map<String, Instant> toArm = new TreeMap<>();
            Set<String> gone = new TreeSet<>();
            for (String id : ids) {
                Instant at = desired.get(id);
                if (at != null) {
                    toArm.put(id, at);
                } else {
                    gone.add(id);
                }
            }
            isAnyBusy = retry(armed.arm(toArm));
            armed.cancel(gone);
        }
    }

    private Map<String, Instant> desired() {
        return host.desiredTriggers().stream()
                .collect(Collectors.toMap(
                        DesiredTrigger::jobId, each -> ArmedSet.armable(each.dueAt()), (one, other) -> one));
    }

    /** At the next look: nobody is woken. */
    private boolean retry(ArmedSet.Left left) {
        synchronized (lock) {
            moved.addAll(left.failed());
            moved.addAll(left.busy());
        }
        return !left.busy().isEmpty();
    }

    private void follow() {
        Duration pause = LOOK;
        while (!isStopping) {
            try {
                wake.await(pause);
                if (!isStopping) {
                    pause = converge();
                }
            } catch (InterruptedException e) {
                LOG.warn("cron.db-scheduler the arming of triggers was interrupted without a stop; it goes on");
            }
        }
    }

    private Duration converge() throws InterruptedException {
        boolean isAll;
        Set<String> ids;
        synchronized (lock) {
            isAll = isAllUnknown || trouble.isPresent();
            ids = moved;
            isAllUnknown = false;
            moved = new TreeSet<>();
        }
        Duration begun = host.environment().uptime();
        try {
            if (isAll) {
                all();
            } else if (!ids.isEmpty()) {
                some(ids);
            } else {
                armed.probe();
            }
            if (isAll || !ids.isEmpty()) {
                busyPause = isAnyBusy ? longer(busyPause) : SOON;
            }
            answered();
            rest(begun, isAll || !ids.isEmpty());
            return isAnyBusy ? busyPause : LOOK;
        } catch (EngineTrouble e) {
            if (!isStopping) {
                failed(e);
            }
        } catch (RuntimeException e) { // the host's: its store is silent, for example
            LOG.warn("cron.db-scheduler-not-compared the triggers to arm are not known; again_in={}", AFTER_TROUBLE, e);
        }
        synchronized (lock) {
            isAllUnknown = true;
        }
        return AFTER_TROUBLE;
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(AFTER_TROUBLE) < 0 ? twice : AFTER_TROUBLE;
    }

    private void rest(Duration begun, boolean isDone) throws InterruptedException {
        if (isDone && !isStopping) {
            Duration rest = host.environment().uptime().minus(begun).multipliedBy(REST);
            ended.await(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        }
    }

    private void failed(EngineTrouble e) {
        String words = String.valueOf(e.getMessage());
        if (trouble.isEmpty()) {
            LOG.warn(
                    "cron.db-scheduler-lost {}; nothing fires until it answers, and then everything is armed anew",
                    words);
        }
        trouble = Optional.of(words);
    }

    private void answered() {
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            LOG.info("cron.db-scheduler-back its database answers again, and everything is armed");
        }
    }
}
