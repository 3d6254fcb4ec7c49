package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One connection with its prepared statements, used by one thread at a time. */
final class Session implements AutoCloseable {
    private static final int MOST_STATEMENTS = 200;

    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, Sql> prepared = new LinkedHashMap<>(64, 0.75f, true);

    Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** The statement, prepared once, ready for its first parameter. */
    Sql sql(String text) throws SQLException {
        Sql sql = prepared.get(text);
        if (sql == null) {
            if (prepared.size() >= MOST_STATEMENTS) {
                closeLeastUsed();
            }
            String words = Words.in(dialect.name(), text);
            sql = new Sql(connection.prepareStatement(words), dialect, Words.isColumnar(words));
            prepared.put(text, sql);
        }
        return sql.begin();
    }

    /** Closes the statement used least lately, never one that keeps writes for a flush, nor the one used last. */
    private void closeLeastUsed() throws SQLException {
        Iterator<Sql> leastFirst = prepared.values().iterator();
        while (leastFirst.hasNext()) {
            Sql least = leastFirst.next();
            if (!least.hasKeptWrites() && leastFirst.hasNext()) {
                leastFirst.remove();
                least.close();
                return;
            }
        }
    }

    /** The statements prepared so far. */
    List<String> statements() {
        return List.copyOf(prepared.keySet());
    }

    Dialect dialect() {
        return dialect;
    }

    Connection connection() {
        return connection;
    }

    /** Throws away writes that were kept for a flush that did not come. */
    void forgetBatches() throws SQLException {
        for (Sql sql : prepared.values()) {
            sql.forget();
        }
    }

    /** Closes the statements and leaves the connection to whom it belongs. */
    void leave() throws SQLException {
        for (Sql sql : prepared.values()) {
            sql.close();
        }
        prepared.clear();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
