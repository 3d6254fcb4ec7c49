package dev.kairos.provider.dbscheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Makes the table that db-scheduler works on, where it is missing: db-scheduler ships no script that could be run. */
final class FiresTable {
    private final String name;

    FiresTable(String name) {
        this.name = name;
    }

    /** One process at a time; the second finds everything done. */
    void make(Connection connection) throws SQLException {
        if (isThere(connection)) {
            return;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtextextended('kairos table ' || current_schema() || ' ' || ?, 0))")) {
            lock.setString(1, name);
            lock.execute();
        }
        if (!isThere(connection)) {
            create(connection);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void create(Connection connection) throws SQLException {
        String bare = name.substring(name.indexOf('.') + 1);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + name + " (task_name TEXT NOT NULL, task_instance TEXT NOT NULL,"
                    + " task_data BYTEA, execution_time TIMESTAMPTZ NOT NULL, picked BOOLEAN NOT NULL, picked_by TEXT,"
                    + " last_success TIMESTAMPTZ, last_failure TIMESTAMPTZ, consecutive_failures INT,"
                    + " last_heartbeat TIMESTAMPTZ, version BIGINT NOT NULL, priority SMALLINT,"
                    + " PRIMARY KEY (task_name, task_instance))");
            statement.execute("CREATE INDEX " + bare + "_due ON " + name + " (execution_time)");
            statement.execute("CREATE INDEX " + bare + "_beat ON " + name + " (last_heartbeat)");
        }
    }

    /** By what is committed: a look-up by name alone may remember that there was none. */
    private boolean isThere(Connection connection) throws SQLException {
        int dot = name.indexOf('.');
        String inSchema = dot < 0
                ? "pg_table_is_visible(c.oid)"
                : "(SELECT nspname FROM pg_namespace n WHERE n.oid = c.relnamespace) = ?";
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT EXISTS (SELECT 1 FROM pg_class c WHERE relname = ? AND " + inSchema + ")")) {
            statement.setString(1, name.substring(dot + 1).toLowerCase(Locale.ROOT));
            if (dot >= 0) {
                statement.setString(2, name.substring(0, dot).toLowerCase(Locale.ROOT));
            }
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBoolean(1);
            }
        }
    }
}
