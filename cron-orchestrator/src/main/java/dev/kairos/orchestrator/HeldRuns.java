package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.EnvironmentEnded;
import dev.kairos.api.env.Signal;
import dev.kairos.api.ledger.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that were claimed ahead of their time. One thread keeps them all: it asks for their start marks a little
 * before their instants, and lets each begin when its instant has come; so a thousand that wait cost no thousand threads
 * that wake at once. A claim whose instant the clock stepped away from, or that was told to end, is given back.
 *
 * <p>What cannot be marked before its instant is marked, or refused, by the run itself.
 */
final class HeldRuns {
    private static final Logger LOG = LoggerFactory.getLogger("cron.run");

    /**
     * How long before its instant a held claim is marked (docs/adr/0009): many are marked in one write, and none waits for
     * that write when its instant has come.
     */
    private static final Duration MARK_AHEAD = Duration.ofMillis(100);

    /** How long a wait for an instant goes on before the wall clock is looked at again: it may have stepped. */
    private static final Duration CLOCK_LOOK = Duration.ofSeconds(1);

    private final Environment environment;
    private final Moves moves;
    private final Signal turned;
    private final Object lock = new Object();
    private final Set<Held> all = new LinkedHashSet<>();
    private boolean isKept;

    /** What becomes of a held attempt. */
    interface Moves {
        /**
         * Asks for the start mark; must not wait for it.
         *
         * @param answered told true once the attempt may go on, marked or not; false if it is no longer this node's
         */
        void mark(ActiveRun run, Consumer<Boolean> answered);

        /** Its instant has come. */
        void begin(ActiveRun run);

        /** It is not to begin here. */
        void giveBack(ActiveRun run);
    }

    private enum Phase {
        UNMARKED,
        ASKED,
        ANSWERED,
        LOST
    }

    private static final class Held {
        private final ActiveRun run;
        private final Instant due;
        private volatile Phase phase = Phase.UNMARKED;

        Held(ActiveRun run) {
            this.run = run;
            Execution row = run.execution();
            this.due = row.dueAt().orElse(row.scheduledAt());
        }
    }

    HeldRuns(Environment environment, Moves moves) {
        this.environment = environment;
        this.moves = moves;
        this.turned = environment.newSignal();
    }

    /**
     * Keeps the attempt until its instant.
     *
     * @throws RuntimeException or an error if no thread can be had that keeps it
     */
    void add(ActiveRun run) {
        Held held = new Held(run);
        boolean isFirst;
        synchronized (lock) {
            all.add(held);
            isFirst = !isKept;
            isKept = true;
        }
        if (!isFirst) {
            turned.raise();
            return;
        }
        try {
            environment.start("cron-held", this::keep);
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                isKept = false;
                all.remove(held);
            }
            throw e;
        }
    }

    /** An attempt may have been told to end. */
    void look() {
        turned.raise();
    }

    private void keep() {
        Duration wait = lookAtAll();
        while (!isOver()) {
            try {
                turned.await(wait);
            } catch (InterruptedException e) {
                LOG.warn("cron.run the thread of the held claims was interrupted; it goes on");
            }
            wait = lookAtAll();
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            isKept = !all.isEmpty();
            return !isKept;
        }
    }

    /** Moves on what has come to its time, and answers how long until the next has. */
    private Duration lookAtAll() {
        List<Held> here;
        synchronized (lock) {
            here = new ArrayList<>(all);
        }
        List<Held> gone = new ArrayList<>();
        Duration wait = CLOCK_LOOK;
        Instant now = environment.now();
        for (Held held : here) {
            Duration left = contained(held, now);
            if (left.isZero()) {
                gone.add(held);
            } else if (left.compareTo(wait) < 0) {
                wait = left;
            }
        }
        synchronized (lock) {
            gone.forEach(all::remove);
        }
        return wait;
    }

    private Duration contained(Held held, Instant now) {
        try {
            return look(held, now);
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "cron.run-path execution={} is given back",
                    held.run.execution().id(),
                    e);
            moves.giveBack(held.run);
            return Duration.ZERO;
        }
    }

    /** How long until it is to be looked at again; zero once it is no longer held. */
    private Duration look(Held held, Instant now) {
        Duration toInstant = Duration.between(now, held.due);
        if (held.phase == Phase.LOST) {
            return Duration.ZERO;
        }
        if (held.run.isEnding() || toInstant.compareTo(Orchestrator.EARLY) > 0) {
            moves.giveBack(held.run);
            return Duration.ZERO;
        }
        boolean isDue = toInstant.isZero() || toInstant.isNegative();
        if (held.phase == Phase.ASKED) {
            return isDue ? CLOCK_LOOK : toInstant; // the answer brings the next look
        }
        if (isDue) {
            moves.begin(held.run);
            return Duration.ZERO;
        }
        if (held.phase == Phase.ANSWERED) {
            return toInstant;
        }
        Duration toMark = toInstant.minus(MARK_AHEAD);
        if (!toMark.isZero() && !toMark.isNegative()) {
            return toMark;
        }
        held.phase = Phase.ASKED;
        moves.mark(held.run, isOurs -> {
            held.phase = isOurs ? Phase.ANSWERED : Phase.LOST;
            turned.raise();
        });
        return toInstant;
    }
}
