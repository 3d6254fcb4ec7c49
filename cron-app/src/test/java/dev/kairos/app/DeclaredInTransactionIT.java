package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that declares jobs with its own data, in one transaction of its own. */
class DeclaredInTransactionIT {
    private static final String NAME = "remind of order 7";

    @TempDir
    Path folder;

    @Test
    void onAFileJobsComeAndGoWithTheApplicationsTransaction() throws Exception {
        proveOn("jdbc:sqlite:app.db", "jdbc:sqlite:" + folder.resolve("home").resolve("app.db"));
    }

    @Test
    void onAServerJobsComeAndGoWithTheApplicationsTransaction() throws Exception {
        try (PostgresServer postgres = PostgresServer.in(folder)) {
            proveOn(postgres.url(), postgres.url());
        }
    }

    private void proveOn(String storeUrl, String applicationUrl) throws SQLException {
        try (CronRuntime kairos = CronRuntime.builder()
                        .home(folder.resolve("home"))
                        .variables(Map.of())
                        .setting("store.url", storeUrl)
                        .handler(NAME, call -> "")
                        .build();
                Connection connection = DriverManager.getConnection(applicationUrl)) {
            run(connection, "CREATE TABLE orders (id INTEGER)");
            connection.setAutoCommit(false);

            declare(kairos, connection);
            assertThat(kairos.jobs(connection).list()).hasSize(2);
            connection.rollback();
            assertThat(kairos.jobs().list()).as("rolled back").isEmpty();
            assertThat(orders(connection)).isZero();

            declare(kairos, connection);
            assertThatThrownBy(() -> kairos.jobs(connection).define(named("other"), "every blue moon"))
                    .isInstanceOf(InvalidInputException.class);
            connection.commit();
            assertThat(kairos.jobs().list()).extracting(Job::displayName).containsExactlyInAnyOrder(NAME, "once");
            assertThat(orders(connection)).isEqualTo(1);

            assertThat(kairos.jobs(connection).define(named(NAME), "every 1h").changed())
                    .as("declared again")
                    .isFalse();
            kairos.jobs(connection).remove(kairos.jobs().find("once").id());
            connection.rollback();
            assertThat(kairos.jobs().list()).as("the removal was rolled back").hasSize(2);
        }
    }

    private static void declare(CronRuntime kairos, Connection connection) throws SQLException {
        run(connection, "INSERT INTO orders VALUES (7)");
        kairos.jobs(connection).define(named(NAME), "every 1h");
        kairos.jobs(connection)
                .create(named("once").toBuilder()
                        .set(JobField.SCHEDULE, Schedule.interval(Duration.ofHours(1), ZoneOffset.UTC))
                        .build());
    }

    private static JobDefinition named(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.HANDLER, NAME)
                .build();
    }

    private static int orders(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT count(*) FROM orders")) {
            results.next();
            return results.getInt(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
