package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the resolved provider alive: starts it, covers with the built-in ticker while it is not armed, hands back when it
 * is. One thread supervises; it calls the provider and nothing else waits for it.
 */
final class ProviderHost {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Environment environment;
    private final Resolution resolution;
    private final ProviderContexts contexts;
    private final Signal wake;
    private final Cover cover;
    private final HostPasses passes;
    private final @Nullable ProviderLadder ladder;
    private final @Nullable ChangeTeller teller;
    private final RepeatedFailure failures =
            new RepeatedFailure(LOG, Duration.ofMinutes(1), "cron.provider supervision");

    private @Nullable Task supervisor;
    private volatile boolean stopping;

    /**
     * Creates a host for one resolution.
     *
     * @param changes asked on the supervisor's thread when something may have changed: what moved since asked last
     */
    ProviderHost(
            ProviderContexts contexts,
            Resolution resolution,
            Duration startTimeout,
            Supplier<Optional<JobChanges>> changes) {
        this.environment = contexts.environment();
        this.contexts = contexts;
        this.resolution = resolution;
        this.wake = environment.newSignal();
        this.cover = new Cover(contexts, resolution, wake::raise);
        this.passes = new HostPasses(contexts, resolution.name());
        CronScheduler provider = resolution.provider().orElse(null);
        this.ladder = provider == null
                ? null
                : new ProviderLadder(contexts, resolution, provider, startTimeout, wake::raise);
        this.teller = provider == null || resolution.isBuiltin()
                ? null
                : new ChangeTeller(resolution.name(), provider, changes, new Guard(environment));
    }

    void start() {
        ProviderLadder starts = ladder;
        if (starts == null) {
            LOG.info("cron.provider using=none nothing fires by itself: cron.provider is none");
            return;
        }
        LOG.info("cron.provider using={} interval={}", resolution.name(), contexts.interval());
        resolution
                .fallbackReason()
                .ifPresent(reason -> contexts.core()
                        .publishWarning("cron.provider-fell-back", "asked", resolution.asked(), "reason", reason));
        starts.begin();
        supervisor = environment.start("cron-host", () -> supervise(starts));
    }

    /** Ends the provider and its cover; returns when their threads are gone or the bounds have passed. */
    void stop() throws InterruptedException {
        stopping = true;
        wake.raise();
        Task running = supervisor;
        if (running == null) {
            endLives(); // a start that got no thread for the supervisor began one
        } else if (!running.join(ProviderLadder.STOP_BOUND.multipliedBy(3))) {
            running.interrupt();
        }
    }

    /** Something may be due sooner than known. Any thread; returns at once. */
    void wake() {
        resolution
                .provider()
                .filter(BuiltinScheduler.class::isInstance)
                .ifPresent(ticker -> ((BuiltinScheduler) ticker).wake());
        cover.wake();
        if (!resolution.isBuiltin()) {
            wake.raise();
        }
    }

    Resolution resolution() {
        return resolution;
    }

    ProviderStatus status() {
        String state = ladder == null
                ? "idle"
                : ladder.phase()
                        .map(phase -> switch (phase) {
                            case STARTING -> "starting";
                            case ARMED -> "armed";
                            case ENDED -> "dead";
                        })
                        .orElse(supervisor == null ? "idle" : "dead");
        return new ProviderStatus(
                resolution.name(), resolution.asked(), resolution.fallbackReason(), state, cover.because());
    }

    private void supervise(ProviderLadder starts) {
        while (!stopping) {
            try {
                look(starts);
                failures.over();
                wake.await(LOOK);
            } catch (InterruptedException e) {
                LOG.warn("cron.provider the supervisor was interrupted without a stop; it goes on");
            } catch (Throwable thrown) {
                failures.report(environment.uptime(), "cron.provider supervision failed; it goes on", thrown);
                tellOfStore(thrown);
                pauseQuietly();
            }
        }
        try {
            endLives();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(ProviderLadder starts) throws InterruptedException {
        starts.look(cover);
        ChangeTeller tells = teller;
        if (tells == null || !starts.isArmed()) {
            return; // what moves while it starts is told once it is armed: it may have asked what to arm before
        }
        if (!cover.isOn()) {
            passes.look();
        }
        tells.look();
    }

    private void endLives() throws InterruptedException {
        if (ladder != null) {
            ladder.end();
        }
        cover.end(ProviderLadder.STOP_BOUND);
    }

    /** Without a ticker nobody else would say that the store does not answer: the heartbeat does, as after a failed pass. */
    private void tellOfStore(Throwable thrown) {
        if (thrown instanceof StoreException && !resolution.isBuiltin()) {
            passes.beatSoon(); // told to be well as soon as it is
            contexts.observer().failed(thrown);
        }
    }

    private void pauseQuietly() {
        try {
            wake.await(LOOK);
        } catch (InterruptedException e) {
            LOG.warn("cron.provider the supervisor was interrupted without a stop; it goes on");
        }
    }
}
