package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a statement that writes many rows at once: an array for each column. A server spends more on taking a
 * statement than on one more row of it.
 */
final class Columns {
    private final List<Column> columns = new ArrayList<>();

    private static final class Column {
        private final List<@Nullable String> texts = new ArrayList<>();
        private final List<@Nullable Long> numbers = new ArrayList<>();

        java.sql.Array array(Connection connection) throws SQLException {
            return numbers.isEmpty()
                    ? connection.createArrayOf("text", texts.toArray(new @Nullable String[0]))
                    : connection.createArrayOf("int8", numbers.toArray(new @Nullable Long[0]));
        }

        void clear() {
            texts.clear();
            numbers.clear();
        }
    }

    /**
     * The value of a column in the row that is being written.
     *
     * @param at the column's place, from 1
     */
    void text(int at, @Nullable String value) {
        column(at).texts.add(value);
    }

    /** The same for a number. */
    void number(int at, @Nullable Long value) {
        column(at).numbers.add(value);
    }

    private Column column(int at) {
        while (columns.size() < at) {
            columns.add(new Column());
        }
        return columns.get(at - 1);
    }

    void bind(PreparedStatement statement) throws SQLException {
        Connection connection = statement.getConnection();
        for (int i = 0; i < columns.size(); i++) {
            statement.setArray(i + 1, columns.get(i).array(connection));
        }
    }

    void clear() {
        columns.forEach(Column::clear);
    }
}
