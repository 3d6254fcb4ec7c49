package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of one provider, on a thread of its own: from {@code start} until it ended and its thread is gone. The same
 * for the built-in ticker, for a plug-in, and for the ticker that covers for a plug-in.
 */
final class ProviderLife {
    /** Where it stands. */
    enum Phase {
        STARTING,
        ARMED,
        ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final Environment environment;
    private final CronScheduler provider;
    private final Runnable onChange;
    private final HostStop stop;
    private final Guard guard;
    private final Object lock = new Object();
    private volatile Phase phase = Phase.STARTING;
    private volatile Optional<String> endReason = Optional.empty();
    private volatile Optional<Throwable> endCause = Optional.empty();
    private volatile @Nullable Task thread;
    private volatile boolean isStopTroubleSaid;
    /** Whether its {@code stop} was called and has not returned, however long ago it was given up. */
    private final AtomicBoolean isInStop = new AtomicBoolean();

    ProviderLife(Environment environment, CronScheduler provider, Runnable onChange) {
        this.environment = environment;
        this.provider = provider;
        this.onChange = onChange;
        this.stop = new HostStop(environment);
        this.guard = new Guard(environment);
    }

    /** Begins the start and returns at once. */
    void begin(String threadName) {
        thread = environment.start(threadName, this::live);
    }

    /** The provider says that its trigger is armed. */
    void armed() {
        boolean isNew;
        synchronized (lock) {
            isNew = phase == Phase.STARTING;
            phase = isNew ? Phase.ARMED : phase;
        }
        if (isNew) {
            onChange.run();
        }
    }

    Phase phase() {
        return phase;
    }

    /** Why it ended, a clause. */
    Optional<String> endReason() {
        return endReason;
    }

    Optional<Throwable> endCause() {
        return endCause;
    }

    /** Whether its thread still runs, or that of its stop. */
    boolean hasThread() {
        Task running = thread;
        return isInStop.get() || running != null && !running.isDone();
    }

    /**
     * Raises the stop, asks the provider to tear down, interrupts what does not end.
     *
     * @return whether its threads are gone within about the bound
     */
    boolean end(Duration bound) throws InterruptedException {
        Guard.Answer<Boolean> raised = guard.call("provider-raise", loader(), Guard.QUICK, () -> {
            stop.raise();
            return true;
        });
        sayOnce("what it registered for the stop signal", raised);
        if (!isInStop.get()) { // one that hangs is not joined by a second
            sayOnce("its stop", guard.call("provider-stop", loader(), bound, this::stopProvider));
        }
        Task running = thread;
        if (running == null || running.join(bound)) {
            return !isInStop.get();
        }
        running.interrupt();
        return running.join(Duration.ofSeconds(1)) && !isInStop.get();
    }

    private boolean stopProvider() {
        isInStop.set(true);
        try {
            provider.stop();
            return true;
        } finally {
            isInStop.set(false);
        }
    }

    private void sayOnce(String what, Guard.Answer<Boolean> answer) {
        if (answer.trouble().isPresent() && !isStopTroubleSaid) {
            isStopTroubleSaid = true;
            LOG.warn(
                    "cron.provider class={} {} {}",
                    provider.getClass().getName(),
                    what,
                    answer.trouble().get(),
                    answer.cause().orElse(null));
        }
    }

    private void live() {
        Guard.Answer<Boolean> answer = Guard.here(loader(), () -> {
            provider.start(stop);
            return provider.traits().startBlocks();
        });
        if (stop.isRaised()) {
            finish("stopped", Optional.empty());
        } else if (answer.trouble().isPresent()) {
            finish("its start " + answer.trouble().get(), answer.cause());
        } else if (answer.value().orElse(false)) {
            finish("its start returned before the stop", Optional.empty());
        } else {
            armed();
        }
    }

    private void finish(String reason, Optional<Throwable> cause) {
        endReason = Optional.of(reason);
        endCause = cause;
        synchronized (lock) {
            phase = Phase.ENDED;
        }
        onChange.run();
    }

    private ClassLoader loader() {
        return Guard.loaderOf(provider.getClass());
    }
}
