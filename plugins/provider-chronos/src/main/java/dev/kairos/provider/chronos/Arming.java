package dev.kairos.provider.chronos;

import dev.kairos.api.ProviderHealth;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets convergences happen one after the other: on the caller's thread for those who want to know how it went, on a
 * thread of the host's that ends with them for everybody else. Whoever asks while one is under way shares the next. Where
 * the portal was away it is tried again for some minutes. Thread-safe.
 */
final class Arming {
    private static final Logger LOG = LoggerFactory.getLogger("cron.chronos");
    private static final int MOST_RETRIES = 8;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Environment environment;
    private final Convergence convergence;
    private final Semaphore turn = new Semaphore(1, true);
    private final Signal ending;
    private final Object lock = new Object();
    private @Nullable Task queued;
    private @Nullable Thread busy;
    private boolean isRetrying;
    private boolean isListAsked;
    private volatile boolean isEnding;
    private volatile ProviderHealth health = ProviderHealth.unknown();

    Arming(Environment environment, Convergence convergence) {
        this.environment = environment;
        this.convergence = convergence;
        this.ending = environment.newSignal();
    }

    /** How the last one went. */
    ProviderHealth health() {
        return health;
    }

    /** Failures are tried again, after an {@link #end}. */
    void begin() throws InterruptedException {
        isEnding = false;
        ending.await(Duration.ZERO);
    }

    /**
     * Converges now, on this thread, after asking the portal what it has.
     *
     * @throws PortalException if the portal could not be asked at all
     * @throws NotRegisteredException if some jobs could not be registered; the others are
     */
    void now() throws PortalException, InterruptedException {
        turn.acquire();
        Unregistered left = converge(true);
        if (!left.isEmpty()) {
            throw new NotRegisteredException(left.sentence());
        }
    }

    /**
     * Takes back whatever the portal has, on this thread.
     *
     * @throws PortalException if the portal could not be asked at all
     * @throws NotRegisteredException if something is left there
     */
    void takeBack() throws PortalException, InterruptedException {
        turn.acquire();
        try {
            Unregistered left = convergence.takeBack();
            if (!left.isEmpty()) {
                throw new NotRegisteredException("the portal may still have some triggers: " + left.sentence());
            }
        } finally {
            turn.release();
        }
    }

    /**
     * Has everything converge that stands in the store now, soon and elsewhere.
     *
     * @param isListed whether the portal is to be asked what it has
     * @return what to wait for by whoever wants it tried
     */
    Task soon(boolean isListed) {
        synchronized (lock) {
            isListAsked |= isListed;
            Task waiting = queued;
            if (waiting == null) {
                waiting = environment.start("cron-chronos-arm", this::inTurn);
                queued = waiting;
            }
            return waiting;
        }
    }

    /** Gives what is asked for a little time, then interrupts it; nothing is tried again any more. */
    void end(Duration atMost) throws InterruptedException {
        isEnding = true;
        ending.raise();
        if (!soon(false).join(atMost)) {
            synchronized (lock) {
                if (busy != null) {
                    busy.interrupt();
                }
            }
        }
    }

    private void inTurn() {
        try {
            turn.acquire();
            synchronized (lock) {
                queued = null;
            }
            if (mayHeal()) {
                startRetrying();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startRetrying() {
        synchronized (lock) {
            if (isRetrying || isEnding) {
                return;
            }
            isRetrying = true;
        }
        environment.start("cron-chronos-again", this::retry);
    }

    /** Until nothing is left to do, or it has been tried for minutes; then the next reconcile heals it. */
    private void retry() {
        Duration wait = FIRST_WAIT;
        try {
            for (int i = 0; i < MOST_RETRIES && !ending.await(wait); i++) {
                turn.acquire();
                if (!mayHeal()) {
                    return;
                }
                wait = wait.compareTo(LONGEST_WAIT.dividedBy(2)) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (lock) {
                isRetrying = false;
            }
        }
    }

    /** Converges once and says whether it is worth doing again. */
    private boolean mayHeal() throws InterruptedException {
        ProviderHealth before = health;
        boolean mayHeal;
        try {
            mayHeal = converge(false).mayHeal();
        } catch (PortalException e) {
            mayHeal = e.kind() == PortalException.Kind.UNREACHABLE;
        } catch (RuntimeException e) { // a setting, or the store
            mayHeal = true;
        }
        tell(before, health);
        return mayHeal;
    }

    /** In turn, which ends with it. */
    private Unregistered converge(boolean isListed) throws PortalException, InterruptedException {
        boolean isAsked;
        synchronized (lock) {
            isAsked = isListAsked | isListed;
            isListAsked = false;
            busy = Thread.currentThread();
        }
        try {
            Unregistered left = convergence.run(isAsked);
            health = left.isEmpty() ? ProviderHealth.healthy() : ProviderHealth.failing(left.sentence());
            return left;
        } catch (PortalException | RuntimeException e) {
            health = ProviderHealth.failing(String.valueOf(e.getMessage()));
            throw e;
        } finally {
            synchronized (lock) {
                busy = null;
            }
            turn.release();
        }
    }

    /** One line for each new trouble, however often it is met. */
    private static void tell(ProviderHealth before, ProviderHealth now) {
        boolean isFailing = now.state() == ProviderHealth.State.FAILING;
        if (isFailing && !now.detail().equals(before.detail())) {
            LOG.warn("cron.chronos not-registered reason=\"{}\"", now.detail());
        } else if (!isFailing && before.state() == ProviderHealth.State.FAILING) {
            LOG.info("cron.chronos registered everything is registered again");
        }
    }
}
