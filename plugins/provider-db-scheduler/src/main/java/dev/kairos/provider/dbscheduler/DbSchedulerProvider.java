package dev.kairos.provider.dbscheduler;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider {@code db-scheduler}: each job has one task instance in db-scheduler's table, at its next instant. Settings
 * stand under {@code cron.db-scheduler}; {@code docs/providers.md} lists them.
 *
 * <p>Status: experimental since 0.1.
 */
public final class DbSchedulerProvider extends CronScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("cron.db-scheduler");
    private static final Duration LATENCY = Duration.ofSeconds(5);
    /** Beside the polling interval: what a busy database takes. */
    private static final Duration BESIDE_POLLING = Duration.ofSeconds(4);
    /** Less than the bound of {@link #stop}. */
    private static final Duration TO_END = Duration.ofSeconds(9);

    private static final Duration AT_ONCE = Duration.ofMillis(500);

    /** Held while an engine is made or taken down: a start that goes on is waited for by the stop. */
    private final Object turn = new Object();

    private volatile @Nullable DbSchedulerEngine engine;
    private volatile @Nullable Task raised;

    /** For the host, which makes it without parameters. */
    public DbSchedulerProvider() {}

    @Override
    public String name() {
        return "db-scheduler";
    }

    /** Whether it is said where the database is. Whatever else is wrong with the settings, the start says. */
    @Override
    public boolean isAvailable() {
        return DbSchedulerSettings.isPresent(context().config());
    }

    @Override
    public void start(StopSignal stop) throws Exception {
        DbSchedulerSettings settings = DbSchedulerSettings.of(context().config());
        DbSchedulerEngine made;
        synchronized (turn) {
            if (stop.isRaised()) {
                return;
            }
            takeDown();
            made = DbSchedulerEngine.open(settings, context());
            engine = made;
        }
        stop.onRaise(() -> raised = context().environment().start("cron-db-scheduler-stop", () -> takeDown(made)));
        try {
            made.begin(); // asks the host, which may take its time: a stop does not wait for it
        } catch (Exception e) {
            takeDown(made);
            if (!stop.isRaised()) {
                throw e;
            }
        }
    }

    @Override
    public void stop() {
        synchronized (turn) {
            takeDown();
        }
        Task other = raised;
        if (other != null) {
            join(other, AT_ONCE);
        }
    }

    private void takeDown(DbSchedulerEngine ended) {
        synchronized (turn) {
            if (engine == ended) {
                takeDown();
            }
        }
    }

    private void takeDown() {
        DbSchedulerEngine running = engine;
        engine = null;
        if (running == null) {
            return;
        }
        join(context().environment().start("cron-db-scheduler-end", running::end), TO_END);
    }

    private static void join(Task end, Duration bound) {
        try {
            if (!end.join(bound)) {
                LOG.warn("cron.db-scheduler did not end within {}; its threads are left behind", bound);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        DbSchedulerEngine running = engine;
        if (running != null) {
            running.changed(changes);
        }
    }

    @Override
    public void reconcile() {
        DbSchedulerEngine running = engine;
        if (running != null) {
            running.reconcile();
        }
    }

    /** Its triggers outlive the process in the database, and fire only while a node of ours lives. */
    @Override
    public ProviderTraits traits() {
        Duration late = pollingInterval().plus(BESIDE_POLLING);
        return ProviderTraits.DEFAULT.within(late.compareTo(LATENCY) > 0 ? late : LATENCY);
    }

    private Duration pollingInterval() {
        try {
            return DbSchedulerSettings.of(context().config()).pollingInterval();
        } catch (IllegalStateException | InvalidInputException e) {
            return DbSchedulerSettings.STANDARD_POLLING; // not bound yet, or never started
        }
    }

    @Override
    public ProviderHealth health() {
        DbSchedulerEngine running = engine;
        if (running == null) {
            return ProviderHealth.unknown();
        }
        Optional<String> trouble = running.trouble();
        return trouble.isPresent() ? ProviderHealth.failing(trouble.get()) : ProviderHealth.healthy();
    }

    /** It can tell what is armed: {@link ArmedTriggers}. */
    @Override
    public <T> Optional<T> capability(Class<T> type) {
        if (type != ArmedTriggers.class) {
            return Optional.empty();
        }
        ArmedTriggers triggers = this::armed;
        return Optional.of(type.cast(triggers));
    }

    private Map<String, Instant> armed() throws Exception {
        DbSchedulerEngine running = engine;
        return running == null ? Map.of() : running.armed();
    }
}
