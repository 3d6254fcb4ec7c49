package dev.kairos.provider.dbscheduler;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import dev.kairos.api.CronContext;
import dev.kairos.api.JobChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One life of db-scheduler, from its start to its end. */
final class DbSchedulerEngine {
    /** Short, since a fire is a claim: the trigger of a node that died comes again after some ten seconds. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final int MISSED_HEARTBEATS = 4;
    private static final int HOUSEKEEPERS = 2;
    private static final Duration FOR_FIRES = Duration.ofSeconds(3);
    /** db-scheduler would clear away tasks that it does not know, after a time: here they are somebody else's. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final HikariDataSource pool;
    private final ThreadPoolExecutor fires;
    private final Scheduler scheduler;
    private final Convergence convergence;

    private DbSchedulerEngine(DbSchedulerSettings settings, CronContext host, HikariDataSource pool) {
        this.pool = pool;
        this.fires = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new EngineThreads("fire"));
        FireTask fire = new FireTask(host.environment(), new Firing(host));
        this.scheduler = Scheduler.create(pool, fire.task())
                .tableName(settings.table())
                .schedulerName(nameOf(host))
                .clock(host.environment()::now)
                .pollingInterval(settings.pollingInterval())
                .pollUsingFetch(0.5, 3.0)
                .enableImmediateExecution()
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(FOR_FIRES)
                .threads(settings.threads())
                .executorService(fires)
                .dueExecutor(Executors.newSingleThreadExecutor(new EngineThreads("due")))
                .housekeeperExecutor(Executors.newScheduledThreadPool(HOUSEKEEPERS, new EngineThreads("beat")))
                .build();
        this.convergence = new Convergence(host, new ArmedSet(scheduler));
        fire.tell(convergence::changed);
    }

    private static com.github.kagkarlsson.scheduler.SchedulerName nameOf(CronContext host) {
        String name = String.format("kairos-%016x", host.environment().random().nextLong());
        return () -> name;
    }

    /**
     * Makes it, with its database; nothing fires yet.
     *
     * @throws SQLException if there is no database, with the reason in plain words
     */
    static DbSchedulerEngine open(DbSchedulerSettings settings, CronContext host) throws SQLException {
        HikariDataSource pool = connect(settings);
        try {
            return new DbSchedulerEngine(settings, host, pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Arms what the host desires, and begins to fire.
     *
     * @throws EngineTrouble if the database fails, or it was ended meanwhile
     */
    void begin() throws EngineTrouble {
        convergence.all();
        // All now: db-scheduler counts a trigger as under way before it asks for a thread, and where that fails, for
        // ever.
        fires.prestartAllCoreThreads();
        scheduler.start();
        convergence.begin();
    }

    private static HikariDataSource connect(DbSchedulerSettings settings) throws SQLException {
        HikariDataSource pool = PostgresPool.open(settings.address());
        try (Connection connection = pool.getConnection()) {
            new FiresTable(settings.table()).make(connection);
            return pool;
        } catch (SQLException e) {
            pool.close();
            throw new SQLException("db-scheduler cannot begin: " + PlainTrouble.of(e), e.getSQLState(), e);
        }
    }

    void changed(JobChanges changes) {
        convergence.changed(changes);
    }

    /**
     * Compares everything now, and again by itself where that fails.
     *
     * @throws IllegalStateException if the database does not answer, with the reason in plain words
     */
    void reconcile() {
        try {
            convergence.all();
        } catch (EngineTrouble e) {
            convergence.changed(JobChanges.unknown());
            throw new IllegalStateException(PlainTrouble.of(e), e);
        }
    }

    /** What is armed; while the engine does not answer, what it last said. */
    Map<String, Instant> armed() throws EngineTrouble {
        return convergence.armed();
    }

    /** Why it does not fire; empty while it does. */
    Optional<String> trouble() {
        return convergence.trouble();
    }

    /** Ends it: what fires now is waited for, so that what cannot be claimed here is armed again for the others. */
    void end() {
        convergence.stop();
        try {
            scheduler.stop();
            convergence.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fires.shutdown();
            pool.close();
        }
    }
}
