package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.EnvironmentEnded;
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
 * Writes of owners, many in one transaction: a thread is started that writes for all who came until it began, and goes on
 * until nobody waits. It takes its turn behind what was to start before it, so that at an instant at which many runs begin
 * the writing of the first ends does not keep the others waiting. While the store is silent the writes wait and are offered again, fenced, on its return. One
 * that the store refuses is offered again apart, so that the others go on. Nothing is given up before the node ends.
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
    /** What the store refused while it took others. */
    private final List<Write> apart = new ArrayList<>();

    private boolean isOfferingApart;

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
     * Writes the decision, on another thread; where none can be had, on the caller's.
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
        try {
            environment.start("cron-commit", this::writeOn);
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.commit-no-thread the thread that asked for the write makes it", e);
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
                amend(batch);
                refusals.over().ifPresent(times -> LOG.info("cron.commit works again after refusals={}", times));
                return;
            } catch (RuntimeException | Error e) { // whatever it is, the queue behind it must go on
                if (!Silence.is(e)) {
                    writeEach(batch, e);
                    return;
                }
                if (isGivingUp.getAsBoolean()) {
                    giveUp(batch, e);
                    return;
                }
                refusals.happened(String.valueOf(e.getMessage()), environment.uptime())
                        .ifPresent(reason -> LOG.warn("cron.commit-waits writes={} reason={}", batch.size(), reason));
                pause(wait);
                wait = longer(wait);
            }
        }
    }

    private void amend(List<Write> batch) {
        List<Boolean> held = claims.amend(batch.stream().map(Write::decision).toList());
        for (int i = 0; i < batch.size(); i++) {
            tell(batch.get(i), held.get(i));
        }
    }

    /** One write among them may be what fails: the others must not wait for it. */
    private void writeEach(List<Write> batch, Throwable failure) {
        if (batch.size() > 1) {
            batch.forEach(write -> writeAll(List.of(write)));
        } else if (!(failure instanceof StoreException)) {
            fail(batch.get(0), failure);
        } else if (isGivingUp.getAsBoolean()) {
            giveUp(batch, failure);
        } else {
            LOG.error(
                    "cron.commit-refused row={} it is offered again by itself, and what it says stays in memory until then",
                    batch.get(0).decision().row(),
                    failure);
            setApart(batch.get(0));
        }
    }

    private static void fail(Write write, Throwable failure) {
        LOG.error(
                "cron.commit-failed row={} it stays open and is recovered",
                write.decision().row(),
                failure);
        tell(write, false);
    }

    private static void giveUp(List<Write> batch, Throwable failure) {
        LOG.error("cron.commit-given-up writes={} the rows stay open and are recovered later", batch.size(), failure);
        batch.forEach(write -> tell(write, false));
    }

    private void setApart(Write write) {
        synchronized (lock) {
            apart.add(write);
            if (isOfferingApart) {
                return;
            }
            isOfferingApart = true;
        }
        try {
            environment.start("cron-commit-apart", this::offerApart);
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.commit-no-thread the refused write takes its turn among the others", e);
            pause(LONGEST_WAIT);
            synchronized (lock) {
                isOfferingApart = false;
                waiting.addAll(apart);
                apart.clear();
            }
        }
    }

    private void offerApart() {
        Duration wait = FIRST_WAIT;
        while (true) {
            pause(wait);
            wait = longer(wait);
            List<Write> again;
            synchronized (lock) {
                if (apart.isEmpty()) {
                    isOfferingApart = false;
                    return;
                }
                again = List.copyOf(apart);
                apart.clear();
            }
            again.forEach(this::offerAlone);
        }
    }

    private void offerAlone(Write write) {
        try {
            amend(List.of(write));
        } catch (StoreException e) {
            if (isGivingUp.getAsBoolean()) {
                giveUp(List.of(write), e);
                return;
            }
            synchronized (lock) {
                apart.add(write);
            }
        } catch (RuntimeException | Error e) {
            fail(write, e);
        }
    }

    private static Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : twice;
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
