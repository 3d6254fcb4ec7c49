package dev.kairos.store.jdbc;

import dev.kairos.api.store.KeptFile;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What executions said and the files they named, as table rows. On SQLite they are files of the home, and here lies only
 * what a copy of another store brought along.
 */
final class OutputRows {
    private static final int NEWEST = 50;

    private static final String PUT = "INSERT INTO outputs (execution_id, job_id, page) VALUES (?, ?, ?)"
            + " ON CONFLICT (execution_id) DO UPDATE SET page = excluded.page";
    private static final String FIND = "SELECT page FROM outputs WHERE execution_id = ?";
    private static final String OF_EXECUTION = "DELETE FROM outputs WHERE execution_id = ?";
    private static final String OF_JOB = "DELETE FROM outputs WHERE job_id = ?";
    private static final String BEYOND =
            "DELETE FROM outputs WHERE execution_id IN (SELECT o.execution_id FROM outputs o"
                    + " JOIN executions e ON e.id = o.execution_id WHERE o.job_id = ?" + ExecutionRows.ORDER
                    + " {sqlite LIMIT -1} OFFSET " + NEWEST
                    + ") AND NOT EXISTS (SELECT 1 FROM envelopes v WHERE v.execution_id = outputs.execution_id AND "
                    + EnvelopeRows.OPEN + ")";

    private static final String PUT_FILE =
            "INSERT INTO output_files (execution_id, path, job_id, bytes) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (execution_id, path) DO UPDATE SET bytes = excluded.bytes";
    private static final String FIND_FILE = "SELECT bytes FROM output_files WHERE execution_id = ? AND path = ?";
    /** What failed may be asked for again. */
    private static final String SENT_FILES = "DELETE FROM output_files WHERE job_id = ? AND NOT EXISTS"
            + " (SELECT 1 FROM envelopes v WHERE v.execution_id = output_files.execution_id"
            + " AND v.state NOT IN ('delivered', 'cancelled'))";

    private OutputRows() {}

    static void put(WriteTransaction transaction, String jobId, String executionId, String page) throws SQLException {
        transaction.batch(
                jobId, transaction.sql(PUT).text(executionId).text(jobId).text(page));
    }

    static Optional<String> find(Session session, String executionId) throws SQLException {
        return session.sql(FIND).text(executionId).first(Cells::text);
    }

    static void put(WriteTransaction transaction, String jobId, KeptFile file) throws SQLException {
        transaction.batch(
                jobId,
                transaction
                        .sql(PUT_FILE)
                        .text(file.executionId())
                        .text(file.path())
                        .text(jobId)
                        .bytes(file.bytes()));
    }

    static Optional<byte[]> findFile(Session session, String executionId, String path) throws SQLException {
        return session.sql(FIND_FILE).text(executionId).text(path).first(Cells::bytes);
    }

    /** With the execution goes what it said, and with that its files. */
    static void drop(Session session, String executionId) throws SQLException {
        session.sql(OF_EXECUTION).text(executionId).update();
    }

    static int dropOfJob(Session session, String jobId) throws SQLException {
        return session.sql(OF_JOB).text(jobId).update();
    }

    /** Leaves the newest of a job, and those that are still to be sent; of the files those that somebody may still lack. */
    static void dropBeyond(Session session, String jobId) throws SQLException {
        session.sql(BEYOND).text(jobId).update();
        session.sql(SENT_FILES).text(jobId).update();
    }
}
