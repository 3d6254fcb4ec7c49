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
 * Keeps the resolved provider alive: starts it, covers with the built-in ticker while it is not armed, starts it again
 * after 1, 2, 4 .. 300 s when it died, hands back when it is armed. One thread supervises; it calls the provider and
 * nothing else waits for it.
 */
final class ProviderHost {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(300);
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final Environment environment;
    private final Resolution resolution;
    private final ProviderContexts contexts;
    private final Duration startTimeout;
    private final Supplier<Optional<JobChanges>> changes;
    private final Guard guard;
    private final Signal wake;
    private final RepeatedFailure failures =
            new RepeatedFailure(LOG, Duration.ofMinutes(1), "cron.provider supervision");

    private @Nullable Task supervisor;
    private volatile boolean stopping;
    private volatile @Nullable ProviderLife life;
    private volatile @Nullable ProviderLife cover;
    private volatile @Nullable BuiltinScheduler coveringTicker;
    private volatile Optional<String> coveredBecause = Optional.empty();
    private Duration lifeBegan = Duration.ZERO;
    private Duration nextStart = Duration.ZERO;
    private Duration delay = Duration.ZERO;
    private Duration nextBeat = Duration.ZERO;

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
        this.startTimeout = startTimeout;
        this.changes = changes;
        this.guard = new Guard(environment);
        this.wake = environment.newSignal();
    }

    void start() {
        if (resolution.provider().isEmpty()) {
            LOG.info("cron.provider using=none nothing fires by itself: cron.provider is none");
            return;
        }
        LOG.info("cron.provider using={} interval={}", resolution.name(), contexts.interval());
        resolution
                .fallbackReason()
                .ifPresent(reason -> contexts.core()
                        .publishWarning("cron.provider-fell-back", "asked", resolution.asked(), "reason", reason));
        CronScheduler provider = resolution.provider().get();
        beginLife(provider);
        supervisor = environment.start("cron-host", () -> supervise(provider));
    }

    /** Ends the provider and its cover; returns when their threads are gone or the bounds have passed. */
    void stop() throws InterruptedException {
        stopping = true;
        wake.raise();
        Task running = supervisor;
        if (running == null) {
            endLives(); // a start that got no thread for the supervisor began one
        } else if (!running.join(STOP_BOUND.multipliedBy(3))) {
            running.interrupt();
        }
    }

    /** Something may be due sooner than known. Any thread; returns at once. */
    void wake() {
        resolution
                .provider()
                .filter(BuiltinScheduler.class::isInstance)
                .ifPresent(ticker -> ((BuiltinScheduler) ticker).wake());
        BuiltinScheduler covering = coveringTicker;
        if (covering != null) {
            covering.wake();
        }
        if (!resolution.isBuiltin()) {
            wake.raise();
        }
    }

    Resolution resolution() {
        return resolution;
    }

    ProviderStatus status() {
        ProviderLife current = life;
        String state = current == null
                ? (supervisor == null ? "idle" : "dead")
                : switch (current.phase()) {
                    case STARTING -> "starting";
                    case ARMED -> "armed";
                    case ENDED -> "dead";
                };
        return new ProviderStatus(
                resolution.name(), resolution.asked(), resolution.fallbackReason(), state, coveredBecause);
    }

    private void supervise(CronScheduler provider) {
        while (!stopping) {
            try {
                look(provider);
                beat();
                tellChanges(provider);
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

    private void endLives() throws InterruptedException {
        ProviderLife current = life;
        if (current != null && !current.end(STOP_BOUND)) {
            LOG.warn("cron.provider name={} did not end within {}; its thread is left", resolution.name(), STOP_BOUND);
        }
        uncover();
    }

    /** Without a ticker nobody else would say that the store does not answer: the heartbeat does, as after a failed pass. */
    private void tellOfStore(Throwable thrown) {
        if (thrown instanceof StoreException && !resolution.isBuiltin()) {
            nextBeat = environment.uptime(); // told to be well as soon as it is
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

    /** A provider without a ticker makes no passes; that it is armed and supervised is its sign of life. */
    private void beat() {
        ProviderLife current = life;
        if (resolution.isBuiltin()
                || coveredBecause.isPresent()
                || current == null
                || current.phase() != ProviderLife.Phase.ARMED) {
            return;
        }
        takeWhatWaits();
        if (environment.uptime().compareTo(nextBeat) >= 0) {
            nextBeat = environment.uptime().plus(contexts.interval());
            contexts.observer().armed();
            catchOverdue();
        }
    }

    /** Sends, retries, queued and requested runs wait for no provider while this process lives: a pass is made for them. */
    private void takeWhatWaits() {
        boolean isDue = contexts.core()
                .waitingDueAt()
                .filter(due -> !due.isAfter(environment.now()))
                .isPresent();
        if (isDue) {
            contexts.core().tick();
        }
    }

    /** An armed provider that lets something lie for too long does not leave it lying for ever. */
    private void catchOverdue() {
        Duration backstop = contexts.backstop();
        boolean isOverdue = !backstop.isZero()
                && contexts.core()
                        .nextWakeAt()
                        .filter(due -> due.plus(backstop).isBefore(environment.now()))
                        .isPresent();
        if (isOverdue) {
            LOG.warn(
                    "cron.provider name={} left something overdue by more than {}; the host makes a pass itself",
                    resolution.name(),
                    Configuration.words(backstop));
            contexts.core().tick();
        }
    }

    private void look(CronScheduler provider) throws InterruptedException {
        ProviderLife current = life;
        Duration uptime = environment.uptime();
        if (current == null) {
            if (uptime.compareTo(nextStart) >= 0) {
                beginLife(provider);
            }
            return;
        }
        switch (current.phase()) {
            case STARTING -> {
                if (uptime.minus(lifeBegan).compareTo(startTimeout) > 0) {
                    cover(
                            "it is not armed " + Configuration.words(startTimeout) + " after its start",
                            Optional.empty());
                }
            }
            case ARMED -> {
                if (coveredBecause.isPresent()) {
                    uncover();
                    LOG.info("cron.provider name={} is armed; the built-in ticker hands back", resolution.name());
                    contexts.core().publish("cron.provider-handed-back", "provider", resolution.name());
                }
                if (uptime.minus(lifeBegan).compareTo(LONGEST_DELAY) > 0) {
                    delay = Duration.ZERO;
                }
            }
            case ENDED -> died(current, uptime);
        }
    }

    private void died(ProviderLife dead, Duration uptime) throws InterruptedException {
        cover(dead.endReason().orElse("it ended"), dead.endCause());
        if (!dead.end(STOP_BOUND) && dead.hasThread()) {
            return; // Starts of one instance never overlap: wait until the old one's thread is gone.
        }
        delay = delay.isZero() ? Duration.ofSeconds(1) : shorter(delay.multipliedBy(2), LONGEST_DELAY);
        nextStart = uptime.plus(delay);
        life = null;
        LOG.info("cron.provider name={} starts again in={}", resolution.name(), Configuration.words(delay));
    }

    private void beginLife(CronScheduler provider) {
        ProviderLife begun = new ProviderLife(environment, provider, wake::raise);
        contexts.of(provider).ifPresent(context -> context.onArmed(begun::armed));
        lifeBegan = environment.uptime();
        life = begun;
        begun.begin("cron-" + (resolution.isBuiltin() ? "ticker" : resolution.name()));
    }

    private void cover(String because, Optional<Throwable> cause) {
        if (coveredBecause.isPresent()) {
            return;
        }
        coveredBecause = Optional.of(because);
        LOG.warn(
                "cron.provider name={} does not fire: {}; {}",
                resolution.name(),
                because,
                resolution.isBuiltin() ? "it is started again" : "the built-in ticker covers until it does",
                cause.orElse(null));
        contexts.core().publishWarning("cron.provider-covered", "provider", resolution.name(), "reason", because);
        if (resolution.isBuiltin()) {
            return;
        }
        BuiltinScheduler ticker = new BuiltinScheduler();
        HostContext context = contexts.bind(ticker, BuiltinScheduler.NAME);
        ProviderLife covering = new ProviderLife(environment, ticker, wake::raise);
        context.onArmed(covering::armed);
        coveringTicker = ticker;
        cover = covering;
        covering.begin("cron-ticker");
    }

    private void uncover() throws InterruptedException {
        ProviderLife covering = cover;
        if (covering != null) {
            covering.end(STOP_BOUND);
        }
        cover = null;
        coveringTicker = null;
        coveredBecause = Optional.empty();
    }

    /** What moves while it starts is told once it is armed: it may have asked what to arm before. */
    private void tellChanges(CronScheduler provider) {
        ProviderLife current = life;
        if (resolution.isBuiltin() || current == null || current.phase() != ProviderLife.Phase.ARMED) {
            return;
        }
        Optional<JobChanges> moved = changes.get();
        if (moved.isPresent()) {
            Guard.Answer<Boolean> told =
                    guard.call("provider-changes", Guard.loaderOf(provider.getClass()), Guard.QUICK, () -> {
                        provider.onJobsChanged(moved.get());
                        return true;
                    });
            told.trouble()
                    .ifPresent(trouble -> LOG.warn(
                            "cron.provider name={} onJobsChanged {}",
                            resolution.name(),
                            trouble,
                            told.cause().orElse(null)));
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
