package dev.kairos.provider.matrix;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for this JVM; each engine gets a database of its own, which can refuse everybody. */
final class Databases {
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private Databases() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String fresh() {
        String name = "engine" + LAST.incrementAndGet();
        run("CREATE DATABASE " + name);
        return name;
    }

    static String url(String name) {
        return "jdbc:postgresql://localhost:" + SERVER.getPort() + "/" + name;
    }

    /** Ends every connection and lets none in. */
    static void close(String name) {
        run("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false");
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    static void open(String name) {
        run("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true");
    }

    /** The rows of every table but Quartz's descriptions of jobs, whatever an engine calls them. */
    static String contents(String name) {
        StringBuilder told = new StringBuilder(name);
        try (Connection connection = SERVER.getDatabase("postgres", name).getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery("SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = 'public' AND table_name NOT LIKE '%job_details' ORDER BY 1")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery("SELECT row_to_json(t)::text FROM " + table + " t")) {
                    while (rows.next()) {
                        told.append("\n").append(table).append(' ').append(rows.getString(1));
                    }
                }
            }
        } catch (SQLException e) {
            told.append(' ').append(e);
        }
        return told.toString();
    }

    private static void run(String sql) {
        try (Connection connection = SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
