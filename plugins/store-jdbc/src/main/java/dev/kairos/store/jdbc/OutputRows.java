package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.util.Optional;

/** What executions said, as table rows, in a database that keeps it. */
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
                    + " OFFSET " + NEWEST
                    + ") AND NOT EXISTS (SELECT 1 FROM envelopes v WHERE v.execution_id = outputs.execution_id AND "
                    + EnvelopeRows.OPEN + ")";

    private OutputRows() {}

    static void put(WriteTransaction transaction, String jobId, String executionId, String page) throws SQLException {
        if (transaction.session().dialect().keepsOutputs()) {
            transaction.batch(
                    jobId, transaction.sql(PUT).text(executionId).text(jobId).text(page));
        }
    }

    static Optional<String> find(Session session, String executionId) throws SQLException {
        return session.dialect().keepsOutputs()
                ? session.sql(FIND).text(executionId).first(Cells::text)
                : Optional.empty();
    }

    /** With the execution goes what it said. */
    static void drop(Session session, String executionId) throws SQLException {
        if (session.dialect().keepsOutputs()) {
            session.sql(OF_EXECUTION).text(executionId).update();
        }
    }

    static int dropOfJob(Session session, String jobId) throws SQLException {
        return session.dialect().keepsOutputs()
                ? session.sql(OF_JOB).text(jobId).update()
                : 0;
    }

    /** Leaves the newest of a job, and those that are still to be sent. */
    static void dropBeyond(Session session, String jobId) throws SQLException {
        if (session.dialect().keepsOutputs()) {
            session.sql(BEYOND).text(jobId).update();
        }
    }
}
