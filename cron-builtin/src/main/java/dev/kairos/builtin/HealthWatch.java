package dev.kairos.builtin;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one provider now and then how it is and, where it can tell, what it has armed; has it reconcile when that stays
 * another than what should be. On the supervisor's thread; any thread may read.
 */
final class HealthWatch {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final Duration EVERY = Duration.ofSeconds(30);
    /** What has just begun or was just told is soon armed: a difference that is new is looked at again. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Environment environment;
    private final FiringCore core;
    private final String name;
    private final CronScheduler provider;
    private final Optional<ArmedTriggers> triggers;
    private final Reconciler reconciler;
    private final Runnable onNews;
    private final WatchedCall<Report> call;
    private volatile ProviderHealth health = ProviderHealth.unknown();
    private volatile Optional<Integer> armed = Optional.empty();
    private volatile Optional<String> difference = Optional.empty();
    private Duration nextAt = Duration.ZERO;
    private Optional<Instant> reconciledAt = Optional.empty();
    /** Whether the look that goes on came before its time, to see whether a reconcile has mended a difference. */
    private boolean isAfterReconcile;

    private record Report(ProviderHealth health, Optional<Map<String, Instant>> armed) {}

    HealthWatch(
            ProviderContexts contexts,
            String name,
            CronScheduler provider,
            Optional<ArmedTriggers> triggers,
            Reconciler reconciler,
            Runnable onNews) {
        this.environment = contexts.environment();
        this.core = contexts.core();
        this.name = name;
        this.provider = provider;
        this.triggers = triggers;
        this.reconciler = reconciler;
        this.onNews = onNews;
        this.call = new WatchedCall<>(environment, "provider-health", Guard.loaderOf(provider.getClass()), Guard.QUICK);
    }

    ProviderHealth health() {
        return health;
    }

    boolean hasThread() {
        return call.hasThread();
    }

    /** How many triggers it has armed, where it can tell. */
    Optional<Integer> armed() {
        return armed;
    }

    /** How these differ from what should be armed. */
    Optional<String> difference() {
        return difference;
    }

    void look() {
        call.look().ifPresent(this::told);
        Duration uptime = environment.uptime();
        boolean isDue = uptime.compareTo(nextAt) >= 0;
        if (!call.hasThread() && (isDue || isReconciledAnew())) {
            isAfterReconcile = !isDue;
            reconciledAt = reconciler.reconciledAt();
            nextAt = isDue ? uptime.plus(EVERY) : nextAt;
            call.begin(this::ask);
        }
    }

    private boolean isReconciledAnew() {
        return difference.isPresent() && !reconciler.reconciledAt().equals(reconciledAt);
    }

    private Report ask() throws Exception {
        ProviderHealth said = provider.health();
        return new Report(
                said,
                triggers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(triggers.get().armed()));
    }

    private void told(Guard.Answer<Report> answer) {
        ProviderHealth before = health;
        Optional<String> differedBefore = difference;
        health = answer.value()
                .map(Report::health)
                .orElseGet(() -> ProviderHealth.failing(
                        "asked how it is, it " + answer.trouble().orElse("failed")));
        Optional<ArmedSet> found = answer.value().flatMap(Report::armed).map(ArmedSet::new);
        armed = found.map(ArmedSet::size);
        difference = found.flatMap(set -> set.differenceTo(core.desiredTriggers(), environment.now()));
        if (difference.isPresent() && differedBefore.isEmpty()) {
            nextAt = environment.uptime().plus(SOON);
        } else if (difference.isPresent() && !isAfterReconcile) {
            reconciler.ask();
        }
        if (before.state() != health.state()) {
            tell(before.state());
        }
        if (before.state() != health.state() || !difference.equals(differedBefore)) {
            onNews.run();
        }
    }

    private void tell(ProviderHealth.State before) {
        if (health.state() == ProviderHealth.State.FAILING) {
            LOG.warn("cron.provider name={} says it does not work: {}", name, health.detail());
            core.publishWarning("cron.provider-failing", "provider", name, "detail", health.detail());
        } else if (before == ProviderHealth.State.FAILING) {
            LOG.info("cron.provider name={} works again", name);
            core.publish("cron.provider-recovered", "provider", name);
        }
    }

    /** Ends a question that is open. */
    void end() throws InterruptedException {
        call.end(Duration.ofSeconds(1));
    }
}
