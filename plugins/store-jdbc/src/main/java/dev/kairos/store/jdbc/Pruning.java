package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Drops old executions at a cost that follows the rows written since the last pruning and the rows dropped, not the rows
 * kept. Each row written since then pushes one other out of its job's newest; those are marked spare, and among the
 * spare ones an index finds the old. A mark is only a hint: before a row is dropped its place is looked at again.
 */
final class Pruning {
    private static final int ALWAYS_KEPT = 20;
    private static final int NEW_ROWS_PER_TRANSACTION = 500;
    private static final int MOST_DROPPED = 1_000;
    private static final int REMEMBERED_REMOVALS = 10_000;

    private static final String STATE = "SELECT judged, judged_most FROM store WHERE one = 1";
    private static final String KEEP_STATE = "UPDATE store SET judged = ?, judged_most = ? WHERE one = 1";
    private static final String NEW_ROWS =
            "SELECT e.seq, e.job_id FROM executions e WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?";
    private static final String OF_JOB =
            "SELECT e.seq FROM executions e WHERE e.job_id = ?" + ExecutionRows.ORDER + " LIMIT ? OFFSET ?";
    private static final String SPARE = "UPDATE executions SET spare = ? WHERE seq = ?";
    private static final String NO_OPEN_ENVELOPE =
            "NOT EXISTS (SELECT 1 FROM envelopes v" + " WHERE v.execution_id = e.id AND " + EnvelopeRows.OPEN + ")";
    private static final String RIPE = "SELECT e.seq, e.id, e.job_id FROM executions e WHERE e.spare = 1"
            + " AND coalesce(e.finished_at, e.scheduled_at) < ? AND NOT " + ExecutionRows.OPEN + " AND "
            + NO_OPEN_ENVELOPE + " ORDER BY coalesce(e.finished_at, e.scheduled_at) LIMIT ?";
    private static final String BEYOND = "SELECT e.seq, e.id, e.job_id FROM executions e WHERE e.seq = ? AND NOT "
            + ExecutionRows.OPEN + " AND " + NO_OPEN_ENVELOPE;
    private static final String DROP_ENVELOPES = "DELETE FROM envelopes WHERE execution_id = ?";
    private static final String DROP = "DELETE FROM executions WHERE seq = ?";
    private static final String FORGET_REMOVALS = "DELETE FROM removals WHERE moved <="
            + " (SELECT moved FROM removals ORDER BY moved DESC LIMIT 1 OFFSET ?)";

    private record Candidate(long seq, String id, String jobId) {
        static Candidate read(Cells cells) throws SQLException {
            return new Candidate(cells.number(), cells.text(), cells.text());
        }
    }

    private record Judged(int dropped, boolean more) {}

    private final Transactions database;

    Pruning(Transactions database) {
        this.database = database;
    }

    int prune(Instant keepFrom, int mostPerJob) {
        int dropped = 0;
        boolean more = true;
        while (more && dropped == 0) {
            Judged judged = database.write(transaction -> judge(transaction, mostPerJob));
            dropped = judged.dropped();
            more = judged.more();
        }
        return dropped + database.write(transaction -> dropRipe(transaction, keepFrom));
    }

    /** Looks at some of the rows written since the last pruning. */
    private static Judged judge(WriteTransaction transaction, int mostPerJob) throws SQLException {
        Session session = transaction.session();
        long settled = transaction.counters().settled();
        transaction.counters().alone();
        long[] state = session.sql(STATE)
                .first(cells -> new long[] {cells.number(), cells.number()})
                .orElseThrow(() -> new SQLException("the table store has no row"));
        long from = mostPerJob < state[1] ? 0 : state[0];
        Map<String, Set<Long>> written = new LinkedHashMap<>();
        long[] last = {from};
        session.sql(NEW_ROWS)
                .number(from)
                .number(settled)
                .number(NEW_ROWS_PER_TRANSACTION)
                .eachWhile(cells -> {
                    last[0] = cells.number();
                    written.computeIfAbsent(cells.text(), id -> new HashSet<>()).add(last[0]);
                    return true;
                });
        if (written.isEmpty() && state[1] == mostPerJob) {
            return new Judged(0, false);
        }
        int dropped = 0;
        for (Map.Entry<String, Set<Long>> one : written.entrySet()) {
            dropped += judgeJob(session, one.getKey(), one.getValue(), mostPerJob);
        }
        boolean stay = dropped >= MOST_DROPPED;
        session.sql(KEEP_STATE).number(stay ? from : last[0]).number(mostPerJob).update();
        session.sql(FORGET_REMOVALS).number(REMEMBERED_REMOVALS).update();
        transaction.wrote();
        return new Judged(dropped, !written.isEmpty());
    }

    private static int judgeJob(Session session, String jobId, Set<Long> written, int mostPerJob) throws SQLException {
        int always = alwaysKept(session, jobId);
        Set<Long> spare = new HashSet<>(written);
        newest(session, jobId, always, 0).forEach(spare::remove);
        spare.addAll(newest(session, jobId, written.size(), always));
        for (long seq : spare) {
            session.sql(SPARE).number(1).number(seq).update();
        }
        OutputRows.dropBeyond(session, jobId);
        int dropped = 0;
        for (long seq : newest(session, jobId, MOST_DROPPED, Math.max(mostPerJob, always))) {
            Optional<Candidate> beyond = session.sql(BEYOND).number(seq).first(Candidate::read);
            if (beyond.isPresent()) {
                drop(session, beyond.get());
                dropped++;
            }
        }
        return dropped;
    }

    private static List<Long> newest(Session session, String jobId, int count, int after) throws SQLException {
        return session.sql(OF_JOB).text(jobId).number(count).number(after).list(Cells::number);
    }

    private static int alwaysKept(Session session, String jobId) throws SQLException {
        return JobRows.present(session, List.of(jobId)).isEmpty() ? 0 : ALWAYS_KEPT;
    }

    private static int dropRipe(WriteTransaction transaction, Instant keepFrom) throws SQLException {
        Session session = transaction.session();
        transaction.counters().alone();
        List<Candidate> ripe =
                session.sql(RIPE).time(keepFrom).number(MOST_DROPPED).list(Candidate::read);
        Map<String, Set<Long>> kept = new HashMap<>();
        int dropped = 0;
        for (Candidate one : ripe) {
            Set<Long> newest = kept.get(one.jobId());
            if (newest == null) {
                newest = new HashSet<>(newest(session, one.jobId(), alwaysKept(session, one.jobId()), 0));
                kept.put(one.jobId(), newest);
            }
            if (newest.contains(one.seq())) {
                session.sql(SPARE).number(0).number(one.seq()).update();
            } else {
                drop(session, one);
                dropped++;
            }
        }
        if (!ripe.isEmpty()) {
            transaction.wrote();
        }
        return dropped;
    }

    private static void drop(Session session, Candidate one) throws SQLException {
        session.sql(DROP_ENVELOPES).text(one.id()).update();
        OutputRows.drop(session, one.id());
        session.sql(DROP).number(one.seq()).update();
    }
}
