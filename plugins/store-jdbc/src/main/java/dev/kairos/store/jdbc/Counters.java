package dev.kairos.store.jdbc;

import java.sql.SQLException;

/** The numbers that one write transaction gives to what it changes. */
interface Counters {
    /**
     * Makes this transaction the only one of its kind until it ends: of two that change definitions, facts or the ledger's
     * bounds, the second waits here.
     */
    void alone() throws SQLException;

    /** The number of this transaction among those that moved a job. */
    long move() throws SQLException;

    /** The revision of this transaction's definitions; the first call makes it a new one. */
    long revision() throws SQLException;

    /** Whether {@link #revision} was called. */
    boolean isRevised();

    /** The first parameter of a statement that inserts an execution, where the database does not number it itself. */
    Sql numbered(Sql insert) throws SQLException;

    /** Executions with a number up to this one are all there that ever will be; none is being written now. */
    long settled() throws SQLException;

    /** Whether asking for a number has itself written something that must be kept. */
    boolean hasMoved();

    /** The commit shall be told to those who listen. */
    void announce();

    /** Writes the counters; just before the commit. */
    void keep() throws SQLException;
}
