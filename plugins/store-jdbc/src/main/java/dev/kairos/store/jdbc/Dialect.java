package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/** What differs from one database to the next. The tables and the statements do not. */
interface Dialect {
    /** A connection ready for use, in auto-commit mode. */
    Connection connect() throws SQLException;

    /**
     * Brings the tables up to date, safely beside another process that does the same.
     *
     * @param storeId gives the id of a store that is made now
     */
    void migrate(Connection connection, Supplier<String> storeId) throws SQLException;

    /** Whether the same transaction may succeed when it is repeated. */
    boolean isBusy(SQLException failure);

    /** The failure in plain words, with what to do. */
    StoreException explain(SQLException failure);
}
