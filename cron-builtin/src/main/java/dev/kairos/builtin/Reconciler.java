package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one provider converge its registry toward the store: after its start, when it is asked, and on a slow clock; sooner
 * again after trouble. On the supervisor's thread; any thread may ask and read.
 */
final class Reconciler {
    /** How long one may take (architecture.md §3). */
    static final Duration BOUND = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration STOP_BOUND = Duration.ofSeconds(5);

    private final Environment environment;
    private final String name;
    private final CronScheduler provider;
    private final Duration interval;
    private final Runnable onNews;
    private final WatchedCall<Boolean> call;
    private volatile boolean isAsked;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Optional<Instant> reconciledAt = Optional.empty();
    private Duration nextAt = Duration.ZERO;
    private Duration retry = FIRST_RETRY;

    /**
     * A reconciler.
     *
     * @param interval the slow clock
     * @param onNews told when what there is to say of it has changed
     */
    Reconciler(Environment environment, String name, CronScheduler provider, Duration interval, Runnable onNews) {
        this.environment = environment;
        this.name = name;
        this.provider = provider;
        this.interval = interval;
        this.onNews = onNews;
        this.call = new WatchedCall<>(environment, "provider-reconcile", Guard.loaderOf(provider.getClass()), BOUND);
    }

    /** Has it done at the next look, or as soon as the one that goes on has ended. */
    void ask() {
        isAsked = true;
    }

    /** Whether one goes on, within its time. */
    boolean isAtWork() {
        return call.isAwaited();
    }

    boolean hasThread() {
        return call.hasThread();
    }

    /** Why the last one failed, a clause. */
    Optional<String> trouble() {
        return trouble;
    }

    Optional<Instant> reconciledAt() {
        return reconciledAt;
    }

    void look() {
        call.look().ifPresent(this::ended);
        Duration uptime = environment.uptime();
        if (!call.hasThread() && (isAsked || uptime.compareTo(nextAt) >= 0)) {
            isAsked = false;
            nextAt = uptime.plus(interval);
            call.begin(() -> {
                provider.reconcile();
                return true;
            });
        }
    }

    private void ended(Guard.Answer<Boolean> answer) {
        Optional<String> before = trouble;
        trouble = answer.trouble().map(words -> "its reconcile " + words);
        if (trouble.isEmpty()) {
            retry = FIRST_RETRY;
            reconciledAt = Optional.of(environment.now());
            if (before.isPresent()) {
                LOG.info("cron.provider name={} reconcile works again", name);
            }
        } else {
            nextAt = environment.uptime().plus(retry);
            retry = shorter(retry.multipliedBy(2), interval);
            if (before.isEmpty()) {
                LOG.warn(
                        "cron.provider name={} {}; what it has not registered is fired late until it has",
                        name,
                        trouble.get(),
                        answer.cause().orElse(null));
            }
        }
        if (!before.equals(trouble)) {
            onNews.run();
        }
    }

    /** Ends what goes on. */
    void end() throws InterruptedException {
        if (!call.end(STOP_BOUND)) {
            LOG.warn("cron.provider name={} its reconcile did not end within {}; its thread is left", name, STOP_BOUND);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
