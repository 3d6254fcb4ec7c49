package dev.kairos.bench.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;

/** How Quartz is set up: batches as large as its pool, its store in memory or shared in a database. */
final class QuartzSettings {
    private static final String TABLES = "/org/quartz/impl/jdbcjobstore/tables_postgres.sql";

    private final Properties properties = new Properties();

    private QuartzSettings(int threads) {
        set("scheduler.instanceName", "bench-" + System.nanoTime());
        set("scheduler.skipUpdateCheck", "true");
        set("threadPool.threadCount", Integer.toString(threads));
        set("scheduler.batchTriggerAcquisitionMaxCount", Integer.toString(threads));
    }

    private QuartzSettings set(String name, String value) {
        properties.setProperty("org.quartz." + name, value);
        return this;
    }

    static QuartzSettings inMemory(int threads) {
        return new QuartzSettings(threads).set("jobStore.class", "org.quartz.simpl.RAMJobStore");
    }

    /** A node of a cluster that shares the tables at the URL; every node of it has the same name. */
    static QuartzSettings clustered(String url, int threads, String name) {
        return new QuartzSettings(threads)
                .set("scheduler.instanceName", name)
                .set("scheduler.instanceId", "AUTO")
                .set("jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX")
                .set("jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate")
                .set("jobStore.dataSource", "bench")
                .set("jobStore.isClustered", "true")
                .set("jobStore.acquireTriggersWithinLock", "true") // asked for by batches
                .set("dataSource.bench.provider", "hikaricp")
                .set("dataSource.bench.driver", "org.postgresql.Driver")
                .set("dataSource.bench.URL", url)
                .set("dataSource.bench.user", "postgres")
                .set("dataSource.bench.maxConnections", Integer.toString(threads + 5));
    }

    Scheduler scheduler() throws SchedulerException {
        return new StdSchedulerFactory(properties).getScheduler();
    }

    /** Makes the tables that Quartz brings along. */
    static void makeTables(String url) throws SQLException, IOException {
        try (InputStream script = Objects.requireNonNull(QuartzSettings.class.getResourceAsStream(TABLES));
                Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
