package dev.kairos.bench.scenario;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * db-scheduler, polled often. Its recurring tasks drift from the second, so each beginning is a task of its own, stored
 * beforehand.
 */
final class DbSchedulerBeating implements Beating {
    private static final int THREADS = 50;
    private static final Duration POLLING = Duration.ofMillis(20);

    private final HikariDataSource pool = new HikariDataSource();
    private final int seconds;
    private @Nullable Scheduler scheduler;

    /**
     * On a database whose table is made.
     *
     * @param seconds for how long there is something due
     */
    DbSchedulerBeating(String url, int seconds) throws SQLException {
        DbSchedulerContender.makeTable(url);
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(THREADS + 5);
        this.seconds = seconds;
    }

    @Override
    public void start(int jobs, Beat beat) {
        OneTimeTask<Void> task =
                Tasks.oneTime("beat").execute((instance, context) -> beat.begins(context.getExecution().executionTime));
        Scheduler started = Scheduler.create(pool, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(POLLING)
                .build();
        scheduler = started;
        Instant first = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(5);
        for (int second = 0; second < seconds; second++) {
            List<TaskInstance<?>> batch = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                batch.add(task.instance(i + "-" + second));
            }
            started.scheduleBatch(batch, first.plusSeconds(second));
        }
        started.start();
    }

    @Override
    public void close() {
        Scheduler started = scheduler;
        if (started != null) {
            started.stop();
        }
        pool.close();
    }
}
