package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are declared in a transaction of the application's. */
class CallersTransactionTest {
    @TempDir
    static Path folder;

    abstract static class Cases {
        private JobStore store;
        private Connection connection;

        abstract String freshUrl();

        /** How the application connects: to the same database, and not to the store's own tables. */
        abstract String applicationUrl(String url);

        @BeforeEach
        void open() throws SQLException {
            String url = freshUrl();
            store = Stores.at(url);
            connection = DriverManager.getConnection(applicationUrl(url));
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS orders");
                statement.execute("CREATE TABLE orders (id INTEGER)");
            }
            connection.setAutoCommit(false);
        }

        @AfterEach
        void close() throws SQLException {
            connection.close();
            store.close();
        }

        private void order(int id) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO orders VALUES (" + id + ")");
            }
        }

        private int orders() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("SELECT count(*) FROM orders")) {
                results.next();
                return results.getInt(1);
            }
        }

        private JobStore within() {
            return store.within(connection).orElseThrow();
        }

        @Test
        void aJobExistsWithTheCommitAndNotBefore() throws SQLException {
            order(1);
            within().jobs().create(List.of(StoreProcess.due("a")));
            order(2);

            assertThat(store.jobs().find("a")).isEmpty();
            assertThat(within().jobs().find("a")).isPresent();
            connection.commit();
            assertThat(store.jobs().find("a")).isPresent();
            assertThat(orders()).isEqualTo(2);
        }

        @Test
        void aRollbackLeavesNothingNotEvenInMemory() throws SQLException {
            store.jobs().create(List.of(StoreProcess.due("a")));
            define(within(), "rolled back");
            assertThat(script(within())).isEqualTo("rolled back");
            connection.rollback();
            assertThat(script(store)).isEqualTo("beat.sh");

            define(store, "after"); // has the revision that was rolled back
            assertThat(script(store)).isEqualTo("after");
        }

        @Test
        void aWriteThatFailsIsUndoneAlone() throws SQLException {
            order(1);
            JobStore within = within();
            within.jobs().create(List.of(StoreProcess.due("a")));
            assertThatThrownBy(() -> within.claims().decide("a", view -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .hasMessage("no");
            assertThatThrownBy(() -> within.claims().decide("a", view -> {
                        within.jobs().find("a");
                        return Amendment.none();
                    }))
                    .isInstanceOf(IllegalStateException.class);
            order(2);
            connection.commit();
            assertThat(orders()).isEqualTo(2);
            assertThat(store.jobs().list()).extracting(Job::id).containsExactly("a");
        }

        @Test
        void aConnectionThatCommitsByItselfIsRefused() throws SQLException {
            connection.setAutoCommit(true);
            assertThatThrownBy(this::within)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }

        private static void define(JobStore store, String script) {
            store.claims()
                    .decide(
                            "a",
                            view -> Amendment.builder()
                                    .definition(view.job().orElseThrow().definition().toBuilder()
                                            .set(JobField.SCRIPT, script)
                                            .build())
                                    .build());
        }

        private static String script(JobStore store) {
            JobDefinition definition = store.jobs().find("a").orElseThrow().definition();
            return definition.get(JobField.SCRIPT).orElseThrow();
        }
    }

    @Nested
    class OnSqlite extends Cases {
        @Override
        String freshUrl() {
            return "jdbc:sqlite:" + folder.resolve("callers-" + System.nanoTime() + ".db");
        }

        @Override
        String applicationUrl(String url) {
            return url;
        }
    }

    @Nested
    class OnPostgres extends Cases {
        @Override
        String freshUrl() {
            return Postgres.freshUrl();
        }

        @Override
        String applicationUrl(String url) {
            return url.replaceFirst("&currentSchema=.*", "");
        }
    }
}
