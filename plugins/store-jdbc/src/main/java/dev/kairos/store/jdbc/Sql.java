package dev.kairos.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One prepared statement whose parameters are given from left to right. Not thread-safe, like its session. */
final class Sql {
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final PreparedStatement statement;
    private final Dialect dialect;
    /** Where many rows are written by one statement. */
    private final @Nullable Columns columns;

    private int at;
    private int batched;

    Sql(PreparedStatement statement, Dialect dialect, boolean isColumnar) {
        this.statement = statement;
        this.dialect = dialect;
        this.columns = isColumnar ? new Columns() : null;
    }

    Sql begin() {
        at = 0;
        return this;
    }

    Sql text(String value) throws SQLException {
        if (columns != null) {
            columns.text(++at, dialect.written(value));
        } else {
            statement.setString(++at, dialect.written(value));
        }
        return this;
    }

    Sql text(Optional<String> value) throws SQLException {
        if (value.isPresent()) {
            return text(value.get());
        }
        if (columns != null) {
            columns.text(++at, null);
        } else {
            statement.setNull(++at, Types.VARCHAR);
        }
        return this;
    }

    /** A parameter of a statement that writes one row. */
    Sql bytes(byte[] value) throws SQLException {
        statement.setBytes(++at, value);
        return this;
    }

    /** The values of a list whose statement was written with {@link Words#oneOf}. */
    Sql texts(Collection<String> values) throws SQLException {
        if (dialect.takesArrays()) {
            return array(values);
        }
        String last = "";
        for (String value : values) {
            text(value);
            last = value;
        }
        for (int i = values.size(); i < Words.padded(values.size()); i++) {
            text(last);
        }
        return this;
    }

    /** The values of a table whose statement was written with {@link Words#each}. */
    Sql each(Collection<String> values) throws SQLException {
        if (dialect.takesArrays()) {
            return array(values);
        }
        for (String value : values) {
            text(value);
        }
        return this;
    }

    /** The counts of an array, where the dialect takes arrays. */
    Sql numbers(Collection<Integer> values) throws SQLException {
        statement.setArray(++at, statement.getConnection().createArrayOf("bigint", values.toArray()));
        return this;
    }

    private Sql array(Collection<String> values) throws SQLException {
        String[] all = new String[values.size()];
        int next = 0;
        for (String value : values) {
            all[next++] = dialect.written(value);
        }
        statement.setArray(++at, statement.getConnection().createArrayOf("text", all));
        return this;
    }

    Sql number(long value) throws SQLException {
        if (columns != null) {
            columns.number(++at, value);
        } else {
            statement.setLong(++at, value);
        }
        return this;
    }

    Sql number(Optional<Long> value) throws SQLException {
        if (value.isPresent()) {
            return number(value.get());
        }
        if (columns != null) {
            columns.number(++at, null);
        } else {
            statement.setNull(++at, Types.BIGINT);
        }
        return this;
    }

    Sql time(Instant value) throws SQLException {
        return number(milliseconds(value));
    }

    Sql time(Optional<Instant> value) throws SQLException {
        return number(value.map(Sql::milliseconds));
    }

    /** The ends of Java's time lie beyond those of a count of milliseconds. */
    private static long milliseconds(Instant value) {
        if (value.isAfter(LATEST)) {
            return Long.MAX_VALUE;
        }
        return value.isBefore(EARLIEST) ? Long.MIN_VALUE : value.toEpochMilli();
    }

    /** Keeps the write for {@link #flush}. */
    void batch() throws SQLException {
        if (columns == null) {
            statement.addBatch();
        }
        batched++;
    }

    /** Makes the kept writes, in order; how many rows each changed. */
    int[] flush() throws SQLException {
        if (batched == 0) {
            return new int[0];
        }
        int[] changed = columns == null ? statement.executeBatch() : writeAll(columns, batched);
        batched = 0; // not before: what failed is for forget to throw away
        return changed;
    }

    /** One statement says only how many rows it changed: unless it changed all, none is said to have been. */
    private int[] writeAll(Columns kept, int rows) throws SQLException {
        try {
            kept.bind(statement);
            int[] changed = new int[rows];
            Arrays.fill(changed, statement.executeUpdate() == rows ? 1 : 0);
            return changed;
        } finally {
            kept.clear();
        }
    }

    boolean hasKeptWrites() {
        return batched > 0;
    }

    void close() throws SQLException {
        statement.close();
    }

    void forget() throws SQLException {
        if (columns != null) {
            columns.clear(); // a row that was only begun too: the next one would stand beside its values
        }
        if (batched > 0) {
            batched = 0;
            statement.clearBatch();
        }
    }

    int update() throws SQLException {
        return statement.executeUpdate();
    }

    <T> List<T> list(Cells.Reader<T> reader) throws SQLException {
        List<T> all = new ArrayList<>();
        try (ResultSet results = statement.executeQuery()) {
            Cells cells = new Cells(results, dialect);
            while (cells.next()) {
                all.add(reader.read(cells));
            }
        }
        return all;
    }

    <T> Optional<T> first(Cells.Reader<T> reader) throws SQLException {
        try (ResultSet results = statement.executeQuery()) {
            Cells cells = new Cells(results, dialect);
            return cells.next() ? Optional.of(reader.read(cells)) : Optional.empty();
        }
    }

    /** Hands over row after row until the reader answers false. */
    void eachWhile(Cells.Reader<Boolean> reader) throws SQLException {
        try (ResultSet results = statement.executeQuery()) {
            Cells cells = new Cells(results, dialect);
            boolean more = true;
            while (more && cells.next()) {
                more = reader.read(cells);
            }
        }
    }
}
