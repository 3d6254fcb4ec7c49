package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one provider what moved, in order. What it throws is said once, and it is told that anything may have moved, again
 * and again, until it takes it. On the supervisor's thread; any thread may read.
 */
final class ChangeTeller {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    private final Environment environment;
    private final String name;
    private final CronScheduler provider;
    private final Supplier<Optional<JobChanges>> changes;
    private final Reconciler reconciler;
    private final Runnable onNews;
    private final Guard guard;
    private volatile Optional<String> trouble = Optional.empty();
    /** Whether a call goes on, however long ago it was given up. */
    private final AtomicBoolean isInside = new AtomicBoolean();

    private @Nullable Duration retryAt;
    private Duration retry = FIRST_RETRY;

    /**
     * A teller.
     *
     * @param changes what moved since asked last
     * @param reconciler asked when anything may have moved
     * @param onNews told when what there is to say of it has changed
     */
    ChangeTeller(
            Environment environment,
            String name,
            CronScheduler provider,
            Supplier<Optional<JobChanges>> changes,
            Reconciler reconciler,
            Runnable onNews) {
        this.environment = environment;
        this.name = name;
        this.provider = provider;
        this.changes = changes;
        this.reconciler = reconciler;
        this.onNews = onNews;
        this.guard = new Guard(environment);
    }

    /** Why the provider did not take what it was told last, a clause. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Whether the provider is still at what it was told. */
    boolean isAtWork() {
        return isInside.get();
    }

    /** Tells what there is to be told; nothing while a reconcile is at work, or what was told before. */
    void look() {
        if (reconciler.isAtWork() || isAtWork()) {
            return;
        }
        Duration again = retryAt;
        boolean isAgain = again != null && environment.uptime().compareTo(again) >= 0;
        Optional<JobChanges> moved = changes.get();
        if (isAgain) {
            tell(JobChanges.unknown());
        } else if (moved.isPresent()) {
            tell(moved.get());
        }
    }

    private void tell(JobChanges moved) {
        if (moved.isUnknown()) {
            reconciler.ask();
        }
        Guard.Answer<Boolean> told =
                guard.call("provider-changes", Guard.loaderOf(provider.getClass()), Guard.QUICK, () -> {
                    isInside.set(true);
                    try {
                        provider.onJobsChanged(moved);
                        return true;
                    } finally {
                        isInside.set(false);
                    }
                });
        Optional<String> before = trouble;
        if (told.trouble().isPresent()) {
            trouble = told.trouble().map(words -> "its onJobsChanged " + words);
            retryAt = environment.uptime().plus(retry);
            retry = retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
            if (before.isEmpty()) {
                LOG.warn(
                        "cron.provider name={} {}; it is told again",
                        name,
                        trouble.get(),
                        told.cause().orElse(null));
            }
        } else if (retryAt == null || moved.isUnknown()) {
            trouble = Optional.empty();
            retryAt = null;
            retry = FIRST_RETRY;
            before.ifPresent(was -> LOG.info("cron.provider name={} onJobsChanged works again", name));
        }
        if (!before.equals(trouble)) {
            onNews.run();
        }
    }
}
