package dev.kairos.bench.scenario;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** db-scheduler with lock-and-fetch, as its documentation tunes it for throughput. */
final class DbSchedulerContender implements Contender {
    private static final String TABLE = "CREATE TABLE scheduled_tasks (task_name TEXT NOT NULL, task_instance TEXT NOT"
            + " NULL, task_data BYTEA, execution_time TIMESTAMPTZ NOT NULL, picked BOOLEAN NOT NULL, picked_by TEXT,"
            + " last_success TIMESTAMPTZ, last_failure TIMESTAMPTZ, consecutive_failures INT, last_heartbeat"
            + " TIMESTAMPTZ, version BIGINT NOT NULL, priority SMALLINT, PRIMARY KEY (task_name, task_instance));"
            + " CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);"
            + " CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)";

    private final HikariDataSource pool = new HikariDataSource();
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;
    private long stored;

    static void makeTable(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
    }

    DbSchedulerContender(String url, int threads, Ran ran) {
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(threads + 5);
        task = Tasks.oneTime("noop").execute((instance, context) -> ran.ran(Integer.parseInt(instance.getId())));
        scheduler = Scheduler.create(pool, task)
                .threads(threads)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .build();
    }

    @Override
    public void store(int jobs, Instant dueAt) {
        List<TaskInstance<?>> batch = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            batch.add(task.instance(Integer.toString(i)));
        }
        scheduler.scheduleBatch(batch, dueAt);
        stored = jobs;
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public long completed() throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT count(*) FROM scheduled_tasks")) {
            results.next();
            return stored - results.getLong(1);
        }
    }

    @Override
    public void close() {
        scheduler.stop();
        pool.close();
    }
}
