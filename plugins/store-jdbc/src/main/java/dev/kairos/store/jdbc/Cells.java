package dev.kairos.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Reads the columns of one result row from left to right. */
final class Cells {
    /** Makes a value of a row. */
    interface Reader<T> {
        T read(Cells cells) throws SQLException;
    }

    private final ResultSet results;
    private final Dialect dialect;
    private int at;

    Cells(ResultSet results, Dialect dialect) {
        this.results = results;
        this.dialect = dialect;
    }

    boolean next() throws SQLException {
        at = 0;
        return results.next();
    }

    String text() throws SQLException {
        return dialect.read(results.getString(++at));
    }

    Optional<String> textIfAny() throws SQLException {
        return Optional.ofNullable(results.getString(++at)).map(dialect::read);
    }

    byte[] bytes() throws SQLException {
        return results.getBytes(++at);
    }

    long number() throws SQLException {
        return results.getLong(++at);
    }

    int count() throws SQLException {
        return results.getInt(++at);
    }

    Instant time() throws SQLException {
        return Instant.ofEpochMilli(results.getLong(++at));
    }

    Optional<Instant> timeIfAny() throws SQLException {
        return numberIfAny().map(Instant::ofEpochMilli);
    }

    Optional<Long> numberIfAny() throws SQLException {
        long value = results.getLong(++at);
        return value == 0 && results.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
