package dev.kairos.store.jdbc;

import dev.kairos.api.store.JobStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for this JVM, with forced writes; each store gets a schema of its own in it. */
final class Postgres {
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final Map<JobStore, String> URLS = new ConcurrentHashMap<>();
    private static final EmbeddedPostgres SERVER = start();

    private Postgres() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    // its transactions, at moments of its own, keep what was just written from being settled
                    .setServerConfig("autovacuum", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of a schema that is not there yet. */
    static String freshUrl() {
        return "jdbc:postgresql://localhost:" + SERVER.getPort() + "/postgres?user=postgres&currentSchema=s"
                + LAST.incrementAndGet();
    }

    static JobStore fresh() {
        return at(freshUrl());
    }

    static JobStore at(String url) {
        JobStore store = new PostgresStoreFactory().open(url, Path.of("/"), new RealTime());
        URLS.put(store, url);
        return store;
    }

    static JobStore beside(JobStore first) {
        return at(URLS.get(first));
    }

    /** Runs a statement as the server's owner. */
    static void run(String sql) throws SQLException {
        try (Connection connection = SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The same in another database. */
    static void run(String database, String sql) throws SQLException {
        try (Connection connection = SERVER.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A connection of somebody else. */
    static Connection connect() throws SQLException {
        return SERVER.getPostgresDatabase().getConnection();
    }

    /** The one text that a statement answers. */
    static String text(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            results.next();
            return results.getString(1);
        }
    }

    /** What a statement counts. */
    static List<Long> numbers(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            List<Long> numbers = new ArrayList<>();
            while (results.next()) {
                numbers.add(results.getLong(1));
            }
            return numbers;
        }
    }
}
