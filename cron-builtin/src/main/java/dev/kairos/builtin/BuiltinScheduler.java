package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The built-in ticker: a pass at once, then one whenever something is due, at the latest after the configured interval.
 * {@link #start} blocks on the host's thread until the stop; no throwable and no stray interrupt ends it. It knows nothing
 * of the host but its {@code CronContext}. Status: experimental since 0.1.
 */
public final class BuiltinScheduler extends CronScheduler {
    /** The word by which {@code cron.provider} selects it. */
    public static final String NAME = "builtin";

    private final AtomicReference<@Nullable TickLoop> running = new AtomicReference<>();

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Ticks until the stop signal or {@link #stop}.
     *
     * @throws IllegalStateException if it runs already
     */
    @Override
    public void start(StopSignal stop) {
        TickLoop loop = new TickLoop(context(), stop);
        if (!running.compareAndSet(null, loop)) {
            throw new IllegalStateException("the built-in ticker runs already");
        }
        try {
            loop.run();
        } finally {
            running.set(null);
        }
    }

    @Override
    public void stop() {
        TickLoop loop = running.get();
        if (loop != null) {
            loop.end();
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        wake();
    }

    /** Lets the next pass come at once: something may be due sooner than the last pass knew, or a slot is free. */
    void wake() {
        TickLoop loop = running.get();
        if (loop != null) {
            loop.wake();
        }
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.blocking().within(Duration.ofSeconds(1));
    }

    @Override
    public ProviderHealth health() {
        TickLoop loop = running.get();
        return loop == null ? ProviderHealth.unknown() : loop.health();
    }
}
