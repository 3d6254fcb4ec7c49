package dev.kairos.provider.quartz;

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
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the armed set toward what the host desires: on a thread of its own, many changes in one go, and again until it
 * succeeded. What fails for one job is tried again for that job; when the engine fails, everything is compared anew once
 * it answers.
 */
final class Convergence {
    private static final Logger LOG = LoggerFactory.getLogger("cron.quartz");
    /** How often an idle engine is asked whether it is there. */
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** How often the clocks are compared, which asks nobody. */
    private static final Duration CLOCK_LOOK = Duration.ofSeconds(1);

    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    /** The host's list costs as much as there are jobs: it is asked for a fifth of the time at most ... */
    private static final int REST = 4;
    /** ... but a machine that slept meanwhile does not keep what is to be armed waiting for longer than this. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final CronContext host;
    private final ArmedSet armed;
    private final QuartzClock clock;
    private final Signal wake;
    private final Signal ended;
    private final Object turn = new Object();
    private final Object lock = new Object();
    private Set<String> moved = new TreeSet<>();
    private boolean isAllUnknown;
    private volatile boolean isStopping;
    private volatile @Nullable Task follower;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Map<String, Instant> lastArmed = Map.of();

    Convergence(CronContext host, ArmedSet armed, QuartzClock clock) {
        this.host = host;
        this.armed = armed;
        this.clock = clock;
        this.wake = host.environment().newSignal();
        this.ended = host.environment().newSignal();
    }

    /** Begins to follow; ends after {@link #stop}. */
    void begin() {
        follower = host.environment().start("cron-quartz-arm", this::follow);
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
    Map<String, Instant> armed() throws SchedulerException {
        if (trouble.isEmpty()) {
            lastArmed = armed.all();
        }
        return lastArmed;
    }

    /**
     * Compares everything now.
     *
     * @throws SchedulerException if the engine does not answer
     */
    void all() throws SchedulerException {
        synchronized (turn) {
            clock.set();
            // In this order: what is armed for a job that was made meanwhile is no orphan.
            Map<String, Instant> before = armed.all();
            Map<String, Instant> desired = desired();
            Map<String, Instant> toArm = new TreeMap<>(desired);
            toArm.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
            retry(armed.arm(toArm));
            Set<String> orphans = new TreeSet<>(before.keySet());
            orphans.removeAll(desired.keySet());
            armed.cancel(orphans);
        }
    }

    private void some(Set<String> ids) throws SchedulerException {
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
            retry(armed.arm(toArm));
            armed.cancel(gone);
        }
    }

    private Map<String, Instant> desired() {
        return host.desiredTriggers().stream()
                .collect(Collectors.toMap(
                        DesiredTrigger::jobId, each -> ArmedSet.armable(each.dueAt()), (one, other) -> one));
    }

    private void retry(Set<String> failed) {
        synchronized (lock) {
            moved.addAll(failed); // at the next look: nobody is woken
        }
    }

    private void follow() {
        Duration pause = LOOK;
        while (!isStopping) {
            try {
                await(wake, pause);
                if (!isStopping) {
                    pause = converge();
                }
            } catch (InterruptedException e) {
                LOG.warn("cron.quartz the arming of triggers was interrupted without a stop; it goes on");
            }
        }
    }

    /** Until the signal comes, the clocks move, or the pause is over. */
    private void await(Signal signal, Duration pause) throws InterruptedException {
        Duration end = host.environment().uptime().plus(pause);
        Duration left = pause;
        while (left.compareTo(Duration.ZERO) > 0
                && !clock.hasMoved()
                && !signal.await(left.compareTo(CLOCK_LOOK) < 0 ? left : CLOCK_LOOK)) {
            left = end.minus(host.environment().uptime());
        }
    }

    private Duration converge() throws InterruptedException {
        boolean isAll;
        Set<String> ids;
        synchronized (lock) {
            isAll = isAllUnknown || trouble.isPresent() || clock.hasMoved();
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
            answered();
            rest(begun, isAll || !ids.isEmpty());
            return LOOK;
        } catch (SchedulerException e) {
            if (!isStopping) {
                failed(e);
            }
        } catch (RuntimeException e) { // the host's: its store is silent, for example
            LOG.warn("cron.quartz-not-compared the triggers to arm are not known; again_in={}", AFTER_TROUBLE, e);
        }
        synchronized (lock) {
            isAllUnknown = true;
        }
        return AFTER_TROUBLE;
    }

    private void rest(Duration begun, boolean isDone) throws InterruptedException {
        if (isDone && !isStopping) {
            Duration rest = host.environment().uptime().minus(begun).multipliedBy(REST);
            await(ended, rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        }
    }

    private void failed(SchedulerException e) {
        String words = PlainTrouble.of(e);
        if (trouble.isEmpty()) {
            LOG.warn("cron.quartz-lost {}; nothing fires until it answers, and then everything is armed anew", words);
        }
        trouble = Optional.of(words);
    }

    private void answered() {
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            LOG.info("cron.quartz-back its store answers again, and everything is armed");
        }
    }
}
