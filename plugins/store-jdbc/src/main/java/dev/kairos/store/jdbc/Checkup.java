package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks for rows that contradict each other, which no write of ours leaves behind. */
final class Checkup {
    private static final int MOST_NAMED = 5;
    private static final int MOST_ANSWERS = 8;

    private final Dialect dialect;

    Checkup(Dialect dialect) {
        this.dialect = dialect;
    }

    /** What the database itself says of its files; where that is anything, rows need not be readable. */
    List<String> damage(Session session) throws SQLException {
        List<String> answers = dialect.damage(session);
        List<String> told = new ArrayList<>();
        answers.stream().limit(MOST_ANSWERS).forEach(answer -> told.add("The database says: " + answer));
        if (answers.size() > MOST_ANSWERS) {
            told.add("There is more like this.");
        }
        return told;
    }

    List<String> look(Session session) throws SQLException {
        List<String> wrong = new ArrayList<>();
        name(
                session,
                wrong,
                "has no definition",
                "SELECT j.id FROM jobs j LEFT JOIN definitions d ON d.job_id = j.id AND d.since = j.defined_at"
                        + " AND d.until IS NULL WHERE d.job_id IS NULL ORDER BY j.id");
        name(
                session,
                wrong,
                "has a definition and is no job",
                "SELECT d.job_id FROM definitions d LEFT JOIN jobs j ON j.id = d.job_id WHERE d.until IS NULL"
                        + " AND j.id IS NULL ORDER BY d.job_id");
        name(
                session,
                wrong,
                "has an open delivery and no execution for it",
                "SELECT DISTINCT v.job_id FROM envelopes v LEFT JOIN executions e ON e.id = v.execution_id WHERE "
                        + EnvelopeRows.OPEN + " AND e.id IS NULL ORDER BY v.job_id");
        return wrong;
    }

    private static void name(Session session, List<String> wrong, String what, String query) throws SQLException {
        List<String> ids = session.sql(query).list(Cells::text);
        ids.stream().limit(MOST_NAMED).forEach(id -> wrong.add("Job " + id + " " + what + "."));
        if (ids.size() > MOST_NAMED) {
            wrong.add((ids.size() - MOST_NAMED) + " more jobs: " + what + ".");
        }
    }
}
