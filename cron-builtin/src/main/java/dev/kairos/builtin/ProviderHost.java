package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.time.Duration;
import java.util.Optional;
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
    private final @Nullable ProviderLadder ladder;
    private final RepeatedFailure failures =
            new RepeatedFailure(LOG, Duration.ofMinutes(1), "cron.provider supervision");

    private final PendingChanges changes;
    private volatile @Nullable Supervision supervision;
    private volatile @Nullable Task supervisor;
    private volatile boolean stopping;

    /**
     * Creates a host for one resolution.
     *
     * @param changes what moves, to be told to the provider
     */
    ProviderHost(ProviderContexts contexts, Resolution resolution, Duration startTimeout, PendingChanges changes) {
        this.environment = contexts.environment();
        this.resolution = resolution;
        this.contexts = contexts;
        this.wake = environment.newSignal();
        this.cover = new Cover(contexts, resolution, wake::raise);
        CronScheduler provider = resolution.provider().orElse(null);
        this.changes = changes;
        this.ladder = provider == null
                ? null
                : new ProviderLadder(contexts, resolution, provider, startTimeout, this::tickCovering, wake::raise);
    }

    private TickReport tickCovering() {
        Supervision present = supervision;
        return present == null ? contexts.core().tickAhead() : present.tickCovering();
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
        if (resolution.isBuiltin()) {
            starts.begin();
        }
        supervisor = environment.start("cron-host", () -> {
            prepare(starts);
            supervise(starts);
        });
    }

    /** Asks a plug-in for its manners, which may take its time, and only then starts it. */
    private void prepare(ProviderLadder starts) {
        resolution.provider().filter(provider -> !resolution.isBuiltin()).ifPresent(provider -> {
            supervision = new Supervision(contexts, resolution.name(), provider, changes, cover);
            starts.begin();
        });
    }

    /**
     * Ends the provider and its cover; returns when their threads are gone or the bounds have passed.
     *
     * @return whether nothing of the provider goes on any more
     */
    boolean stop() throws InterruptedException {
        stopping = true;
        wake.raise();
        Task running = supervisor;
        if (running == null) {
            endLives(); // a start that got no thread for the supervisor began one
        } else if (!running.join(ProviderLadder.STOP_BOUND.multipliedBy(3))) {
            running.interrupt();
            return false;
        }
        ProviderLadder starts = ladder;
        Supervision present = supervision;
        return (starts == null || !starts.hasThread()) && (present == null || !present.hasThread());
    }

    /** Where calls from outside go, while the provider lives. Any thread. */
    Optional<InboundEndpoint> inbound() {
        ProviderLadder starts = ladder;
        return stopping || starts == null ? Optional.empty() : starts.inbound();
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
        Supervision present = supervision;
        return new ProviderStatus(
                resolution.name(),
                resolution.asked(),
                resolution.fallbackReason(),
                state(),
                cover.because(),
                present == null ? ProviderNotes.NONE : present.notes(state()));
    }

    private String state() {
        ProviderLadder starts = ladder;
        if (starts == null || supervisor == null) {
            return "idle";
        }
        Optional<Cover.Fault> fault = cover.fault();
        return starts.phase()
                .map(phase -> switch (phase) {
                    case STARTING -> fault.equals(Optional.of(Cover.Fault.NOT_ARMED)) ? "covered" : "starting";
                    case ARMED -> fault.equals(Optional.of(Cover.Fault.DEAF)) ? "deaf" : "armed";
                    case ENDED -> "dead";
                })
                .orElse("dead");
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
        Supervision present = supervision;
        if (present != null && starts.isArmed()) { // what moves while it starts is told once it is armed
            present.look(starts.armedSince());
        }
    }

    private void endLives() throws InterruptedException {
        Supervision present = supervision;
        if (present != null) {
            present.end();
        }
        if (ladder != null) {
            ladder.end();
        }
        cover.end(ProviderLadder.STOP_BOUND);
    }

    /** Without a ticker nobody else would say that the store does not answer: the heartbeat does, as after a failed pass. */
    private void tellOfStore(Throwable thrown) {
        Supervision present = supervision;
        if (thrown instanceof StoreException && present != null) {
            present.beatSoon(); // told to be well as soon as it is
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
