package dev.kairos.provider.quartz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;

/**
 * Makes Quartz's tables where they are missing, from the script that Quartz ships. Of that script only what makes
 * something is run: it begins by dropping every table.
 */
final class QuartzTables {
    private static final String SCRIPT = "tables_postgres.sql";
    private static final String THEIR_PREFIX = "QRTZ_";

    private final String prefix;

    QuartzTables(String prefix) {
        this.prefix = prefix;
    }

    /** One process at a time; the second finds everything done. Leaves the connection without a transaction. */
    void make(Connection connection) throws SQLException {
        if (!isThere(connection)) {
            makeAlone(connection);
        }
        connection.commit();
    }

    private void makeAlone(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended("
                + "'kairos quartz tables ' || current_schema() || ' ' || ?, 0))")) {
            lock.setString(1, prefix);
            lock.execute();
        }
        if (isThere(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                statement.execute(sql);
            }
        }
    }

    /** The instants of a group's triggers by name; one that Quartz gave up as broken counts as not armed. */
    Map<String, Instant> armed(Connection connection, String scheduler, String group) throws SQLException {
        Map<String, Instant> armed = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT TRIGGER_NAME, NEXT_FIRE_TIME FROM "
                + prefix + "TRIGGERS WHERE SCHED_NAME = ? AND TRIGGER_GROUP = ? AND NEXT_FIRE_TIME > 0"
                + " AND TRIGGER_STATE NOT IN ('COMPLETE', 'ERROR')")) {
            statement.setString(1, scheduler);
            statement.setString(2, group);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    armed.put(results.getString(1), Instant.ofEpochMilli(results.getLong(2)));
                }
            }
        }
        connection.commit();
        return armed;
    }

    /**
     * Gives back what a node had taken and not fired when it ended. Quartz leaves that lying until the other nodes miss the
     * node's check-ins, and what is due comes so much later.
     */
    void leave(Connection connection, String scheduler, String instance) throws SQLException {
        run(
                connection,
                "SELECT 1 FROM " + prefix + "LOCKS WHERE SCHED_NAME = ? AND LOCK_NAME = ? FOR UPDATE",
                scheduler,
                "TRIGGER_ACCESS");
        run(
                connection,
                "UPDATE " + prefix + "TRIGGERS t SET TRIGGER_STATE = 'WAITING' FROM " + prefix
                        + "FIRED_TRIGGERS f WHERE f.SCHED_NAME = ? AND f.INSTANCE_NAME = ? AND f.STATE = 'ACQUIRED'"
                        + " AND t.SCHED_NAME = f.SCHED_NAME AND t.TRIGGER_NAME = f.TRIGGER_NAME"
                        + " AND t.TRIGGER_GROUP = f.TRIGGER_GROUP AND t.TRIGGER_STATE = 'ACQUIRED'",
                scheduler,
                instance);
        run(
                connection,
                "DELETE FROM " + prefix
                        + "FIRED_TRIGGERS WHERE SCHED_NAME = ? AND INSTANCE_NAME = ? AND STATE = 'ACQUIRED'",
                scheduler,
                instance);
        run(
                connection,
                "DELETE FROM " + prefix
                        + "SCHEDULER_STATE s WHERE SCHED_NAME = ? AND INSTANCE_NAME = ? AND NOT EXISTS (SELECT 1 FROM "
                        + prefix
                        + "FIRED_TRIGGERS f WHERE f.SCHED_NAME = s.SCHED_NAME AND f.INSTANCE_NAME = s.INSTANCE_NAME)",
                scheduler,
                instance);
        connection.commit();
    }

    private static void run(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    private boolean isThere(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = ? AND pg_table_is_visible(oid))")) {
            statement.setString(1, (prefix + "LOCKS").toLowerCase(Locale.ROOT));
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBoolean(1);
            }
        }
    }

    /** What makes tables and indexes, under our prefix. */
    List<String> statements() {
        return Stream.of(script().split(";"))
                .map(QuartzTables::withoutComments)
                .filter(sql -> sql.toUpperCase(Locale.ROOT).startsWith("CREATE "))
                .map(sql -> sql.replace(THEIR_PREFIX, prefix))
                .toList();
    }

    private static String withoutComments(String sql) {
        return sql.lines()
                .filter(line -> !line.startsWith("--"))
                .reduce("", (one, other) -> one + "\n" + other)
                .strip();
    }

    private static String script() {
        try (InputStream script = PostgreSQLDelegate.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException("Quartz's JAR lacks its script " + SCRIPT);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Quartz's script " + SCRIPT + " cannot be read", e);
        }
    }
}
