package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts of one provider, one after another: again after 1, 2, 4 .. 300 s when it died. What it does is done on the
 * supervisor's thread; any thread may ask.
 */
final class ProviderLadder {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(300);

    /** How long a provider gets to end. */
    static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final Environment environment;
    private final ProviderContexts contexts;
    private final Resolution resolution;
    private final CronScheduler provider;
    private final Duration startTimeout;
    private final Runnable onChange;
    private final AheadTicks coverTicks;
    private volatile @Nullable ProviderLife life;
    private volatile Optional<InboundEndpoint> inbound = Optional.empty();
    private Optional<Instant> armedSince = Optional.empty();
    private Duration lifeBegan = Duration.ZERO;
    private Duration nextStart = Duration.ZERO;
    private Duration delay = Duration.ZERO;

    ProviderLadder(
            ProviderContexts contexts,
            Resolution resolution,
            CronScheduler provider,
            Duration startTimeout,
            AheadTicks coverTicks,
            Runnable onChange) {
        this.environment = contexts.environment();
        this.contexts = contexts;
        this.resolution = resolution;
        this.provider = provider;
        this.startTimeout = startTimeout;
        this.coverTicks = coverTicks;
        this.onChange = onChange;
    }

    void begin() {
        ProviderLife begun = new ProviderLife(environment, provider, onChange);
        contexts.of(provider).ifPresent(context -> context.onArmed(begun::armed));
        inbound =
                resolution.isBuiltin() ? Optional.empty() : GuardedInbound.of(provider, resolution.name(), environment);
        lifeBegan = environment.uptime();
        armedSince = Optional.empty();
        life = begun;
        begun.begin("cron-" + (resolution.isBuiltin() ? "ticker" : resolution.name()));
    }

    /** Where the present start stands; empty between two. */
    Optional<ProviderLife.Phase> phase() {
        return Optional.ofNullable(life).map(ProviderLife::phase);
    }

    /** Where calls from outside go, while the provider lives. */
    Optional<InboundEndpoint> inbound() {
        return inbound;
    }

    boolean isArmed() {
        return phase().filter(ProviderLife.Phase.ARMED::equals).isPresent();
    }

    /** Since when it has been armed, as far as was looked. */
    Optional<Instant> armedSince() {
        return armedSince;
    }

    /** Starts, covers and hands back, as it stands now; that it is deaf is another's to judge. */
    void look(Cover cover) throws InterruptedException {
        ProviderLife current = life;
        Duration uptime = environment.uptime();
        if (current == null) {
            if (uptime.compareTo(nextStart) >= 0) {
                begin();
            }
            return;
        }
        switch (current.phase()) {
            case STARTING -> {
                if (uptime.minus(lifeBegan).compareTo(startTimeout) > 0) {
                    cover.begin(
                            Cover.Fault.NOT_ARMED,
                            "it is not armed " + Configuration.words(startTimeout) + " after its start",
                            Optional.empty(),
                            coverTicks);
                }
            }
            case ARMED -> {
                if (armedSince.isEmpty()) {
                    armedSince = Optional.of(environment.now());
                }
                if (cover.fault().filter(fault -> fault != Cover.Fault.DEAF).isPresent()) {
                    cover.handBack(STOP_BOUND);
                }
                if (uptime.minus(lifeBegan).compareTo(LONGEST_DELAY) > 0) {
                    delay = Duration.ZERO;
                }
            }
            case ENDED -> died(current, cover, uptime);
        }
    }

    private void died(ProviderLife dead, Cover cover, Duration uptime) throws InterruptedException {
        cover.begin(Cover.Fault.DEAD, dead.endReason().orElse("it ended"), dead.endCause(), coverTicks);
        if (!dead.end(STOP_BOUND) && dead.hasThread()) {
            return; // Starts of one instance never overlap, nor does a stop: wait until the old one's threads are gone.
        }
        delay = delay.isZero() ? Duration.ofSeconds(1) : shorter(delay.multipliedBy(2), LONGEST_DELAY);
        nextStart = uptime.plus(delay);
        inbound = Optional.empty();
        life = null;
        LOG.info("cron.provider name={} starts again in={}", resolution.name(), Configuration.words(delay));
    }

    /** Whether a thread of the present start still runs. */
    boolean hasThread() {
        ProviderLife current = life;
        return current != null && current.hasThread();
    }

    /** Ends the present start. */
    void end() throws InterruptedException {
        ProviderLife current = life;
        if (current != null && !current.end(STOP_BOUND)) {
            LOG.warn("cron.provider name={} did not end within {}; its thread is left", resolution.name(), STOP_BOUND);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
