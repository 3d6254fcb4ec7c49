package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every row of every table of a store, read beside it; and how to empty it. */
final class TableDump implements AutoCloseable {
    /** Numbers that transactions give, which differ where one was repeated. */
    private static final Set<String> NUMBERS =
            Set.of("moved", "seq", "settled_seq", "settled_xid", "moves", "numbered", "judged");

    private static final List<String> TABLES =
            List.of("store", "jobs", "definitions", "removals", "executions", "envelopes", "nodes", "facts");

    private static final List<String> ON_A_SERVER = List.of("output_files", "outputs");

    private final String url;
    private final Connection connection;

    TableDump(String url) {
        this.url = url;
        try {
            connection = DriverManager.getConnection(url);
            if (isServer()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET synchronous_commit = off"); // emptied often
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isServer() {
        return url.startsWith("jdbc:postgresql");
    }

    /** Everything. */
    Map<String, List<String>> all() {
        return without(Set.of());
    }

    /** Everything but the numbers of transactions and these columns. */
    Map<String, List<String>> story(Set<String> columns) {
        List<String> left = new ArrayList<>(NUMBERS);
        left.addAll(columns);
        return without(Set.copyOf(left));
    }

    private Map<String, List<String>> without(Set<String> columns) {
        Map<String, List<String>> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            for (String table : tables()) {
                try (ResultSet results = statement.executeQuery("SELECT * FROM " + table)) {
                    tables.put(table, rows(results, columns));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return tables;
    }

    private List<String> tables() {
        List<String> tables = new ArrayList<>(TABLES);
        if (isServer()) {
            tables.addAll(ON_A_SERVER);
        }
        return tables;
    }

    private static List<String> rows(ResultSet results, Set<String> without) throws SQLException {
        ResultSetMetaData columns = results.getMetaData();
        List<String> rows = new ArrayList<>();
        while (results.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                if (!without.contains(columns.getColumnName(i))) {
                    row.append(columns.getColumnName(i))
                            .append('=')
                            .append(results.getString(i))
                            .append(' ');
                }
            }
            rows.add(row.toString());
        }
        Collections.sort(rows);
        return rows;
    }

    /** Makes it what it was when it was new. */
    void clear() {
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String table : tables()) {
                if (!table.equals("store")) {
                    statement.execute("DELETE FROM " + table);
                }
            }
            if (isServer()) {
                statement.execute("ALTER SEQUENCE executions_seq_seq RESTART");
                statement.execute("UPDATE store SET revision = 0, settled_seq = 0, settled_xid = 0, judged = 0");
            } else {
                statement.execute("UPDATE store SET revision = 0, moves = 0, numbered = 0, judged = 0");
            }
            statement.execute("UPDATE store SET judged_most = 0");
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
