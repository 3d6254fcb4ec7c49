package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.JobStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Among a hundred thousand jobs and twice as many executions, whatever the store asks is answered by an index. */
class QueryPlansAtScaleTest {
    private static final String NUMBERS =
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) ";

    /** In a year, so that nothing of it is due. */
    private static final long LATER = StoreProcess.NOW.plusSeconds(31_536_000).toEpochMilli();

    private static final long EARLIER = StoreProcess.NOW.minusSeconds(86_400).toEpochMilli();

    @TempDir
    static Path folder;

    abstract static class Cases {
        private final PlanRecorder recorder = new PlanRecorder();

        abstract WatchedStore open(WatchedJdbc.Watcher watcher);

        /** How a statement begins that is once asked for all there is, where reading all is right; empty for none. */
        abstract String thatAsksForAll();

        abstract List<String> afterLoading();

        @Test
        void everyStatementOfDailyWorkIsAnsweredByAnIndex() throws SQLException {
            WatchedStore watched = open(recorder);
            try (JobStore store = Stores.at(watched.url())) {
                store.jobs().create(List.of(StoreProcess.due("first")));
                load(watched.url());
            }
            recorder.server(watched.url());
            try (JobStore store = watched.make()) {
                QueryPlanTest.work(store);
                QueryPlanTest.work(store); // what was made often is planned anew
            }
            assertThat(recorder.statements()).isGreaterThan(35);
            List<String> right = recorder.walks().keySet().stream()
                    .filter(sql -> !thatAsksForAll().isEmpty() && sql.startsWith(thatAsksForAll()))
                    .toList();
            for (String sql : right) {
                assertThat(recorder.walks().remove(sql)).as(sql).hasSize(1);
            }
            assertThat(right).hasSize(thatAsksForAll().isEmpty() ? 0 : 1);
            assertThat(recorder.walks()).isEmpty();
        }

        private void load(String url) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute(
                        "INSERT INTO jobs (id, version, defined_at, ability, moved, state, next_run_at, due_at,"
                                + " completed_count, run_count, failure_streak)" + NUMBERS
                                + "SELECT 'idle-' || i, 1, 1, CASE i % 2 WHEN 0 THEN 'script' ELSE 'handler:h' || (i % 400) END,"
                                + " 1, 'scheduled', i + " + LATER + ", i + " + LATER
                                + ", 0, 0, 0 FROM n");
                statement.execute("INSERT INTO definitions (job_id, since, body)" + NUMBERS
                        + "SELECT 'idle-' || i, 1, (SELECT body FROM definitions WHERE job_id = 'first') FROM n");
                for (int attempt = 1; attempt <= 2; attempt++) {
                    statement.execute("INSERT INTO executions (id, job_id, trigger_word, scheduled_at, attempt, status,"
                            + " fence, job_version, finished_at)" + NUMBERS + "SELECT 'old-' || i || '-' || " + attempt
                            + ", 'idle-' || i, 'schedule', i + " + EARLIER + ", " + attempt + ", 'ok', 1, 1, i + "
                            + EARLIER + " FROM n");
                }
                statement.execute("INSERT INTO envelopes (execution_id, content, target, platform, job_id, state,"
                        + " attempts, next_attempt_at, fence, receipts)" + NUMBERS
                        + "SELECT 'old-' || i || '-1', 'result', 'ntfy', 'ntfy', 'idle-' || i, 'delivered', 1, i + "
                        + EARLIER + ", 1, '[]' FROM n");
                statement.execute("UPDATE store SET judged = (SELECT max(seq) FROM executions), judged_most = 10");
                for (String sql : afterLoading()) {
                    statement.execute(sql);
                }
                connection.commit();
            }
        }
    }

    @Nested
    class OnSqlite extends Cases {
        @Override
        WatchedStore open(WatchedJdbc.Watcher watcher) {
            return WatchedStore.sqlite(folder.resolve("scale.db"), watcher);
        }

        @Override
        String thatAsksForAll() {
            return ""; // by index too
        }

        /** Without ANALYZE, which nobody runs on the file of a daemon. */
        @Override
        List<String> afterLoading() {
            return List.of("UPDATE store SET numbered = (SELECT max(seq) FROM executions), moves = 1");
        }
    }

    @Nested
    class OnPostgres extends Cases {
        @Override
        WatchedStore open(WatchedJdbc.Watcher watcher) {
            return WatchedStore.postgres(Postgres.freshUrl(), watcher);
        }

        @Override
        String thatAsksForAll() {
            return "SELECT j.id, j.moved FROM jobs"; // the changes since the beginning
        }

        @Override
        List<String> afterLoading() {
            return List.of(
                    "INSERT INTO outputs (execution_id, job_id, page)" + NUMBERS
                            + "SELECT 'old-' || i || '-1', 'idle-' || i, 'page' FROM n",
                    "INSERT INTO output_files (execution_id, path, job_id, bytes)" + NUMBERS
                            + "SELECT 'old-' || i || '-1', '/a', 'idle-' || i, 'x' FROM n",
                    "ANALYZE jobs, definitions, executions, envelopes, removals, outputs, output_files");
        }
    }
}
