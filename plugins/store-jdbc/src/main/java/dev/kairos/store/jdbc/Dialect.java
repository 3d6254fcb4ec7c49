package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What differs from one database to the next. The tables and the statements do not, but for words in braces behind a
 * dialect's name, as in <code>FOR {postgresql UPDATE}</code>, which stand only in that dialect.
 */
interface Dialect extends AutoCloseable {
    /** The name in braces, and of the folder of the migration scripts. */
    String name();

    /** Whether a parameter may be an array. */
    boolean takesArrays();

    /** A connection ready for use, in auto-commit mode. Closing it may give it back to a pool. */
    Connection connect() throws SQLException;

    /**
     * A connection for the quick looks and writes that must never wait for the others of this process; where several may
     * write at once it is kept, and opened anew when it is no more {@link #isAlive alive}.
     */
    default Connection connectApart() throws SQLException {
        return connect();
    }

    /** Whether a connection that was kept still leads to the database. It is left in auto-commit mode. */
    default boolean isAlive(Connection connection) {
        return true;
    }

    /** How many transactions of this process may write at the same time. */
    int writers();

    /** Whether the host is to hand in outputs for other machines; a copy may bring some along in any case. */
    boolean keepsOutputs();

    /** Whether a connection is kept, with its prepared statements, from one use to the next; else a pool does that. */
    boolean keepsConnections();

    /**
     * Brings the tables up to date where it may, safely beside another process that does the same.
     *
     * @throws StoreException if they cannot be worked on as they are or as it may make them
     */
    void migrate(Connection connection, TableWork work) throws SQLException;

    /**
     * Makes the store's tables those that statements mean, on a connection of the application's own.
     *
     * @return what {@link #leave} needs to put back
     */
    String enter(Connection connection) throws SQLException;

    /** Puts back what the application had. */
    void leave(Connection connection, String theirs) throws SQLException;

    /**
     * Lets the connection's transaction, in which nothing was done yet, see the store as it is now until it ends, and its
     * statements take as long as they need.
     */
    void freeze(Connection connection) throws SQLException;

    /** What the database itself finds wrong with its file or tables. */
    List<String> damage(Session session) throws SQLException;

    /** The statement that reads the database's own clock, in milliseconds since 1970; empty if that is the machine's. */
    default Optional<String> clock() {
        return Optional.empty();
    }

    /** What tells this store from its copies; empty if nothing does. */
    Optional<String> place(Session session) throws SQLException;

    /** How jobs that moved are found. */
    Moves moves();

    /**
     * Refuses to go on where the database that was opened is no longer the one that others find there.
     *
     * @throws StoreException of kind {@code UNUSABLE}
     */
    default void requireSame() {}

    /** The counters of a transaction that begins now. */
    Counters counters(Session session) throws SQLException;

    /** The text as this database can keep it. */
    String written(String text);

    /** What was {@link #written}. */
    String read(String written);

    /**
     * Calls back soon after another process's commit, where the database can say so.
     *
     * @return ends it
     */
    default Runnable listen(Environment environment, Runnable hint) {
        return () -> {};
    }

    /**
     * Waits until no other transaction counts what runs under these tags, where transactions run side by side.
     *
     * @param tags in one order for everybody
     */
    default void countAlone(Session session, Collection<String> tags) throws SQLException {}

    /** Whether the same transaction may succeed when it is repeated, and certainly changed nothing. */
    boolean isBusy(SQLException failure);

    /** Whether a key was taken: by what was not looked at, or by another transaction after the look. The next look sees it. */
    boolean isClash(SQLException failure);

    /** The failure in plain words, with what to do. */
    StoreException explain(SQLException failure);

    @Override
    void close();
}
