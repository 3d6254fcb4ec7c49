package dev.kairos.store.jdbc;

import java.sql.SQLException;

/** Where the faces of a store read and write. */
interface Transactions {
    /** Work on a session. */
    interface Work<T> {
        T on(Session session) throws SQLException;
    }

    /** Work inside a write transaction. */
    interface WriteWork<T> {
        T in(WriteTransaction transaction) throws SQLException;
    }

    /** Reads from one snapshot per statement, beside any writer. */
    <T> T read(Work<T> work);

    /** The same for a quick look that must never wait for the others of this process. */
    default <T> T readApart(Work<T> work) {
        return read(work);
    }

    /** Runs the work in a transaction, whole or not at all; whatever it throws undoes it. */
    <T> T write(WriteWork<T> work);

    /** The same for a few quick writes that must never wait for the others of this process. */
    default <T> T writeApart(WriteWork<T> work) {
        return write(work);
    }

    /** The definitions that were read so far. */
    Definitions definitions();
}
