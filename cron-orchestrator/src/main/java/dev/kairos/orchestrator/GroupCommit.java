package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes of owners, many in one transaction: whoever comes first writes its own, then a thread is started that writes
 * for all who came meanwhile. While the store is
 * silent the writes wait and are offered again, fenced, on its return; nothing is given up before the node ends.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger("cron.commit");
    private static final int MOST = 500;
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Claims claims;
    private final Environment environment;
    private final BooleanSupplier isGivingUp;
    private final RepeatedTrouble refusals = new RepeatedTrouble();
    private final Object lock = new Object();
    private List<Write> waiting = new ArrayList<>();
    private boolean isWriting;

    private record Write(FencedDecision decision, Consumer<Boolean> done) {}

    /**
     * A queue before one store.
     *
     * @param isGivingUp true once the node ends and may not wait for a silent store any longer
     */
    GroupCommit(Claims claims, Environment environment, BooleanSupplier isGivingUp) {
        this.claims = claims;
        this.environment = environment;
        this.isGivingUp = isGivingUp;
    }

    /**
     * Writes the decision. May block the caller while it writes for others.
     *
     * @param done called once it is durable, with whether the fence held (false too where it
     *     was given up); on whichever thread wrote; must be quick
     */
    void write(FencedDecision decision, Consumer<Boolean> done) {
        synchronized (lock) {
            waiting.add(new Write(decision, done));
            if (isWriting) {
                return;
            }
            isWriting = true;
        }
        writeAll(nextOrDone());
        handOn();
    }

    /** The first comer has work of its own: what came meanwhile is written by a thread that has none. */
    private void handOn() {
        synchronized (lock) {
            if (waiting.isEmpty()) {
                isWriting = false;
                return;
            }
        }
        try {
            environment.start("cron-commit", this::writeOn);
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.commit-no-thread the writing thread goes on by itself", e);
            writeOn();
        }
    }

    private void writeOn() {
        for (List<Write> batch = nextOrDone(); !batch.isEmpty(); batch = nextOrDone()) {
            writeAll(batch);
        }
    }

    private List<Write> nextOrDone() {
        synchronized (lock) {
            if (waiting.isEmpty()) {
                isWriting = false;
                return List.of();
            }
            if (waiting.size() <= MOST) {
                List<Write> all = waiting;
                waiting = new ArrayList<>();
                return all;
            }
            List<Write> some = new ArrayList<>(waiting.subList(0, MOST));
            waiting.subList(0, MOST).clear();
            return some;
        }
    }

    private void writeAll(List<Write> batch) {
        Duration wait = FIRST_WAIT;
        while (true) {
            try {
                List<Boolean> held =
                        claims.amend(batch.stream().map(Write::decision).toList());
                refusals.over().ifPresent(times -> LOG.info("cron.commit works again after refusals={}", times));
                for (int i = 0; i < batch.size(); i++) {
                    tell(batch.get(i), held.get(i));
                }
                return;
            } catch (StoreException e) {
                if (isGivingUp.getAsBoolean()) {
                    LOG.error(
                            "cron.commit-given-up writes={} the rows stay open and are recovered later",
                            batch.size(),
                            e);
                    batch.forEach(write -> tell(write, false));
                    return;
                }
                refusals.happened(String.valueOf(e.getMessage()), environment.uptime())
                        .ifPresent(reason -> LOG.warn("cron.commit-waits writes={} reason={}", batch.size(), reason));
                pause(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            } catch (RuntimeException | Error e) { // whatever it is, the queue behind it must go on
                if (batch.size() == 1) {
                    LOG.error(
                            "cron.commit-failed row={} it stays open and is recovered",
                            batch.get(0).decision().row(),
                            e);
                    tell(batch.get(0), false);
                    return;
                }
                batch.forEach(write -> writeAll(List.of(write)));
                return;
            }
        }
    }

    private static void tell(Write write, boolean held) {
        try {
            write.done().accept(held);
        } catch (RuntimeException | Error e) {
            LOG.error("cron.commit-callback row={}", write.decision().row(), e);
        }
    }

    /** Waits even where the caller was interrupted: the write must not be lost; the flag is kept. */
    private void pause(Duration wait) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            environment.sleep(wait);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
