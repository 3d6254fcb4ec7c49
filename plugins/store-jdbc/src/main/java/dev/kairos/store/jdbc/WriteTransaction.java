package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One write transaction: its session, the store's counters as it will leave them, and the writes kept for a batch. Its
 * first statement is a write, so that nobody else's commit can come between its reads and its writes.
 */
final class WriteTransaction {
    private static final String LOCK = "UPDATE store SET one = 1 WHERE one = 1";
    private static final String COUNTERS = "SELECT revision, moves, numbered FROM store WHERE one = 1";
    private static final String FORGET_PAST = "DELETE FROM definitions WHERE until <= ?";
    private static final String KEEP = "UPDATE store SET revision = ?, moves = ?, numbered = ? WHERE one = 1";

    private final Session session;
    private final Definitions definitions;
    private final Set<String> pendingJobs = new HashSet<>();
    private final Map<Sql, Boolean> pendingWrites = new LinkedHashMap<>();
    private final List<Definitions.Key> defined = new ArrayList<>();
    private long revision;
    private long moves;
    private long numbered;
    private boolean revised;
    private boolean moved;
    private boolean wrote;

    private WriteTransaction(Session session, Definitions definitions, long revision, long moves, long numbered) {
        this.session = session;
        this.definitions = definitions;
        this.revision = revision;
        this.moves = moves;
        this.numbered = numbered;
    }

    static WriteTransaction begin(Session session, Definitions definitions) throws SQLException {
        session.sql(LOCK).update();
        return session.sql(COUNTERS)
                .first(cells ->
                        new WriteTransaction(session, definitions, cells.number(), cells.number(), cells.number()))
                .orElseThrow(() -> new SQLException("the table store has no row"));
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

    /** The number of this transaction among those that moved a job. */
    long move() {
        if (!moved) {
            moved = true;
            moves++;
        }
        return moves;
    }

    /** The revision of this transaction's definitions; the first call makes it a new one. */
    long newRevision() {
        if (!revised) {
            revised = true;
            revision++;
        }
        return revision;
    }

    long nextNumber() {
        return ++numbered;
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

    void commit() throws SQLException {
        flush();
        if (!wrote) {
            session.connection().rollback();
            return;
        }
        if (revised) {
            session.sql(FORGET_PAST)
                    .number(revision - JdbcJobs.KEPT_REVISIONS + 1)
                    .update();
        }
        session.sql(KEEP).number(revision).number(moves).number(numbered).update();
        session.connection().commit();
    }
}
