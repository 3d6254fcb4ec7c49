package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One write transaction: its session, its counters, and the writes kept for a batch. */
final class WriteTransaction {
    private static final String FORGET_PAST = "DELETE FROM definitions WHERE until <= ?";

    private final Session session;
    private final Definitions definitions;
    private final Counters counters;
    private final boolean looksFirst;
    private final Set<String> pendingJobs = new HashSet<>();
    private final Map<Sql, Boolean> pendingWrites = new LinkedHashMap<>();
    private final List<Definitions.Key> defined = new ArrayList<>();
    private boolean wrote;

    /**
     * A transaction.
     *
     * @param looksFirst whether it looks for what holds a key before it writes that key; one that does not is made anew, looking,
     *     if the database finds the key taken
     */
    WriteTransaction(Session session, Definitions definitions, Counters counters, boolean looksFirst) {
        this.session = session;
        this.definitions = definitions;
        this.counters = counters;
        this.looksFirst = looksFirst;
    }

    /** A statement for reading or for a write made at once. */
    Sql sql(String text) throws SQLException {
        return session.sql(text);
    }

    Session session() {
        return session;
    }

    Definitions definitions() {
        return definitions;
    }

    Counters counters() {
        return counters;
    }

    boolean looksFirst() {
        return looksFirst;
    }

    /** Says that there is something to commit. */
    void wrote() {
        wrote = true;
    }

    /** Keeps a write about the job; reads about that job must be preceded by {@link #settle}. */
    void batch(String jobId, Sql write) throws SQLException {
        keep(jobId, write, false);
    }

    /** The same for a write that is wrong if it changes no row. */
    void batchThatMustWrite(String jobId, Sql write) throws SQLException {
        keep(jobId, write, true);
    }

    private void keep(String jobId, Sql write, boolean mustWrite) throws SQLException {
        write.batch();
        wrote = true;
        pendingJobs.add(jobId);
        pendingWrites.put(write, mustWrite);
    }

    /** Makes the kept writes if one of them is about the job. */
    void settle(String jobId) throws SQLException {
        if (pendingJobs.contains(jobId)) {
            flush();
        }
    }

    /** Makes all kept writes. */
    void flush() throws SQLException {
        for (Map.Entry<Sql, Boolean> write : pendingWrites.entrySet()) {
            for (int changed : write.getKey().flush()) {
                if (changed == 0 && write.getValue()) {
                    throw new IllegalArgumentException("an amendment writes an execution of another job");
                }
            }
        }
        pendingWrites.clear();
        pendingJobs.clear();
    }

    void defined(Definitions.Key key) {
        definitions.forget(key);
        defined.add(key);
    }

    void forgetDefinitions() {
        defined.forEach(definitions::forget);
    }

    /** Commits what was written; where nothing was, lets go of what was locked. */
    void commit() throws SQLException {
        if (finish()) {
            session.connection().commit();
        } else {
            session.connection().rollback();
        }
    }

    /**
     * Makes all writes; only the commit is missing.
     *
     * @return whether there was anything to write
     */
    boolean finish() throws SQLException {
        flush();
        if (!wrote && !counters.hasMoved()) {
            return false;
        }
        if (counters.isRevised()) {
            session.sql(FORGET_PAST)
                    .number(counters.revision() - JdbcJobs.KEPT_REVISIONS + 1)
                    .update();
        }
        counters.keep();
        return true;
    }
}
