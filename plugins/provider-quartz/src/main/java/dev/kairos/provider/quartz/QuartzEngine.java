package dev.kairos.provider.quartz;

import com.zaxxer.hikari.HikariDataSource;
import dev.kairos.api.CronContext;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.core.QuartzScheduler;
import org.quartz.core.QuartzSchedulerResources;
import org.quartz.impl.DefaultThreadExecutor;
import org.quartz.impl.StdJobRunShellFactory;
import org.quartz.impl.StdScheduler;
import org.quartz.simpl.RAMJobStore;
import org.quartz.spi.JobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of Quartz, from its start to its end. It is put together by hand and not by Quartz's factories, which keep
 * every scheduler in a registry for the whole process and read system properties.
 */
final class QuartzEngine {
    private static final Logger LOG = LoggerFactory.getLogger("cron.quartz");
    /** Nodes that share tables share this too. */
    private static final String NAME = "kairos";
    /** How long a node may not see what another one armed. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Scheduler quartz;
    private final Convergence convergence;
    private final @Nullable HikariDataSource pool;
    private final QuartzSettings settings;
    private final FireThreads threads;

    private QuartzEngine(QuartzSettings settings, CronContext host, @Nullable HikariDataSource pool)
            throws SchedulerException {
        this.pool = pool;
        this.settings = settings;
        JobStore store = pool == null
                ? new RAMJobStore()
                : new PooledJobStore(pool, settings.database().orElseThrow());
        this.threads = new FireThreads(host.environment(), settings.threads());
        QuartzScheduler core = assemble(threads, store, host.environment());
        this.quartz = new StdScheduler(core);
        QuartzClock clock = new QuartzClock(host.environment());
        ArmedSet armed = new ArmedSet(quartz, clock, Optional.ofNullable(pool).map(this::table));
        this.convergence = new Convergence(host, armed, clock);
        Firing firing = new Firing(host);
        try {
            store.initialize(new OwnClasses(), core.getSchedulerSignaler());
            core.setJobFactory((bundle, scheduler) -> new FireJob(firing, convergence, armed, clock));
            core.initialize();
        } catch (SchedulerException | RuntimeException e) {
            quartz.shutdown(false);
            throw e;
        }
    }

    private static QuartzScheduler assemble(FireThreads threads, JobStore store, Environment environment)
            throws SchedulerException {
        String instance = String.format("%016x", environment.random().nextLong());
        store.setInstanceName(NAME);
        store.setInstanceId(instance);
        store.setThreadPoolSize(threads.getPoolSize());
        QuartzSchedulerResources parts = new QuartzSchedulerResources();
        parts.setName(NAME);
        parts.setInstanceId(instance);
        parts.setThreadName("cron-quartz");
        parts.setMakeSchedulerThreadDaemon(true);
        parts.setThreadPool(threads);
        parts.setThreadExecutor(new DefaultThreadExecutor());
        parts.setJobStore(store);
        parts.setMaxBatchSize(threads.getPoolSize());
        StdJobRunShellFactory shells = new StdJobRunShellFactory();
        parts.setJobRunShellFactory(shells);
        QuartzScheduler core = new QuartzScheduler(parts, IDLE.toMillis(), -1);
        shells.initialize(new StdScheduler(core));
        return core;
    }

    /**
     * Makes it, with a database where it has one; nothing fires yet.
     *
     * @throws SQLException if there is no database, with the reason in plain words
     * @throws SchedulerException if Quartz cannot be put together
     */
    static QuartzEngine open(QuartzSettings settings, CronContext host) throws SQLException, SchedulerException {
        HikariDataSource pool =
                settings.database().isPresent() ? connect(settings.database().get()) : null;
        try {
            return new QuartzEngine(settings, host, pool);
        } catch (SchedulerException | RuntimeException e) {
            if (pool != null) {
                pool.close();
            }
            throw e;
        }
    }

    /**
     * Arms what the host desires, and begins to fire.
     *
     * @throws SchedulerException if Quartz's store fails, or it was ended meanwhile
     */
    void begin() throws SchedulerException {
        convergence.all();
        quartz.start();
        convergence.begin();
    }

    private static HikariDataSource connect(QuartzSettings.Database database) throws SQLException {
        HikariDataSource pool = PostgresPool.open(database.address());
        try (Connection connection = pool.getConnection()) {
            new QuartzTables(database.tablePrefix()).make(connection);
            return pool;
        } catch (SQLException e) {
            pool.close();
            throw new SQLException("Quartz cannot begin: " + PlainTrouble.of(e), e.getSQLState(), e);
        }
    }

    void changed(JobChanges changes) {
        convergence.changed(changes);
    }

    /**
     * Compares everything now, and again by itself where that fails.
     *
     * @throws IllegalStateException if the engine does not answer, with the reason in plain words
     */
    void reconcile() {
        try {
            convergence.all();
        } catch (SchedulerException e) {
            convergence.changed(JobChanges.unknown());
            throw new IllegalStateException(PlainTrouble.of(e), e);
        }
    }

    /** What is armed; while the engine does not answer, what it last said. */
    Map<String, Instant> armed() throws SchedulerException {
        return convergence.armed();
    }

    /** Why it does not fire; empty while it does. */
    Optional<String> trouble() {
        return convergence.trouble();
    }

    /** Ends it: what fires now is waited for, so that what cannot be claimed here is armed again for the others. */
    void end() {
        convergence.stop();
        threads.letGo();
        try {
            quartz.shutdown(true);
            convergence.join();
            leave();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (pool != null) {
                pool.close();
            }
        }
    }

    private ArmedSet.Table table(HikariDataSource connections) {
        QuartzTables tables = new QuartzTables(settings.database().orElseThrow().tablePrefix());
        return () -> {
            try (Connection connection = connections.getConnection()) {
                return tables.armed(connection, NAME, ArmedSet.GROUP);
            }
        };
    }

    private void leave() throws SchedulerException {
        if (pool == null || settings.database().isEmpty()) {
            return;
        }
        try (Connection connection = pool.getConnection()) {
            new QuartzTables(settings.database().get().tablePrefix())
                    .leave(connection, NAME, quartz.getSchedulerInstanceId());
        } catch (SQLException e) {
            LOG.info("cron.quartz the other nodes see in some seconds that this one ended: {}", PlainTrouble.of(e));
        }
    }
}
