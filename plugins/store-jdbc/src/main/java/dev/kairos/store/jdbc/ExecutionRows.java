package dev.kairos.store.jdbc;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.ledger.Usage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Executions as table rows. */
final class ExecutionRows {
    /** The columns that {@link #read} expects, in its order. */
    static final String COLUMNS = "e.id, e.job_id, e.trigger_word, e.scheduled_at, e.attempt, e.status, e.due_at,"
            + " e.node, e.fence, e.job_version, e.claimed_at, e.started_at, e.finished_at, e.reason, e.missed_from,"
            + " e.missed_to, e.missed_count, e.error, e.failure_kind, e.output, e.source, e.failures, e.usage";

    /** Newest first. */
    static final String ORDER = " ORDER BY e.scheduled_at DESC, e.attempt DESC, e.id DESC";

    /** Exactly the condition of the index of open rows. */
    static final String OPEN = "e.status IN ('requested', 'queued', 'retry', 'claimed', 'running')";

    /** Exactly the condition of the index of waiting rows. */
    static final String WAITING = "e.status IN ('requested', 'queued', 'retry') AND e.due_at IS NOT NULL";

    private static final String FIND = "SELECT " + COLUMNS + " FROM executions e WHERE e.id = ?";
    private static final String OPEN_OF_JOBS =
            "SELECT " + COLUMNS + " FROM executions e WHERE " + OPEN + " AND e.job_id ";
    private static final String OPEN_ORDER =
            " ORDER BY e.job_id, e.due_at IS NULL, e.due_at, e.scheduled_at, e.attempt, e.id";
    private static final String HOLDERS = "SELECT e.id, e.job_id, e.scheduled_at, e.attempt FROM executions e WHERE"
            + " e.trigger_word = 'schedule' AND (e.job_id, e.scheduled_at, e.attempt) IN (VALUES (?, ?, ?)";
    private static final int HOLDERS_AT_ONCE = 100;
    /** The types of the columns that {@link #bind} writes. */
    private static final String REST = "tntnnnnntnnnttttnt";

    private static final String PUT =
            "INSERT INTO executions ({sqlite seq,} id, job_id, trigger_word, scheduled_at, attempt,"
                    + " status, due_at, node, fence, job_version, claimed_at, started_at, finished_at, reason, missed_from,"
                    + " missed_to, missed_count, error, failure_kind, output, source, failures, usage)"
                    + " {sqlite VALUES (?" + ", ?".repeat(23) + ")}"
                    + "{postgresql SELECT * FROM " + Words.arrays("tttnn" + REST) + "}"
                    + " ON CONFLICT (id) DO UPDATE SET trigger_word = excluded.trigger_word,"
                    + " scheduled_at = excluded.scheduled_at, attempt = excluded.attempt, status = excluded.status,"
                    + " due_at = excluded.due_at, node = excluded.node, fence = excluded.fence,"
                    + " job_version = excluded.job_version, claimed_at = excluded.claimed_at,"
                    + " started_at = excluded.started_at, finished_at = excluded.finished_at, reason = excluded.reason,"
                    + " missed_from = excluded.missed_from, missed_to = excluded.missed_to,"
                    + " missed_count = excluded.missed_count, error = excluded.error, failure_kind = excluded.failure_kind,"
                    + " output = excluded.output, source = excluded.source, failures = excluded.failures,"
                    + " usage = excluded.usage"
                    + " WHERE executions.job_id = excluded.job_id";
    private static final String UPDATE = Words.update(
            "executions",
            REST,
            "status",
            "due_at",
            "node",
            "fence",
            "job_version",
            "claimed_at",
            "started_at",
            "finished_at",
            "reason",
            "missed_from",
            "missed_to",
            "missed_count",
            "error",
            "failure_kind",
            "output",
            "source",
            "failures",
            "usage");
    private static final String DELETE = "DELETE FROM executions WHERE id = ?";
    private static final String SPARE_ALL = "UPDATE executions SET spare = 1 WHERE job_id = ? AND spare = 0";

    private ExecutionRows() {}

    static Optional<Execution> find(Session session, String id) throws SQLException {
        return session.sql(FIND).text(id).first(ExecutionRows::read);
    }

    /** The open rows of jobs whose rows are locked. */
    static List<Execution> open(Session session, Collection<String> jobIds) throws SQLException {
        return open(session, jobIds, "");
    }

    /** The open rows of jobs that are no more, each locked, because no job is there to lock. */
    static List<Execution> openOfRemoved(Session session, Collection<String> jobIds) throws SQLException {
        return open(session, jobIds, " {postgresql FOR UPDATE}");
    }

    private static List<Execution> open(Session session, Collection<String> jobIds, String how) throws SQLException {
        List<Execution> rows = new ArrayList<>();
        for (List<String> part : Words.parts(jobIds)) {
            rows.addAll(session.sql(OPEN_OF_JOBS + Words.oneOf(part.size()) + OPEN_ORDER + how)
                    .texts(part)
                    .list(ExecutionRows::read));
        }
        return rows;
    }

    /** What no two scheduled executions have in common. */
    record Key(String jobId, Instant scheduledAt, int attempt) {
        static Key of(Execution row) {
            return new Key(row.jobId(), row.scheduledAt(), row.attempt());
        }
    }

    /** The ids of the scheduled executions that have the keys. */
    static Map<Key, String> holders(Session session, Collection<Key> keys) throws SQLException {
        Map<Key, String> holders = new HashMap<>();
        List<Key> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += HOLDERS_AT_ONCE) {
            List<Key> part = all.subList(from, Math.min(all.size(), from + HOLDERS_AT_ONCE));
            int places = Words.padded(part.size());
            Sql sql = session.sql(HOLDERS + ", (?, ?, ?)".repeat(places - 1) + ")");
            for (int i = 0; i < places; i++) {
                Key key = part.get(Math.min(i, part.size() - 1));
                sql.text(key.jobId()).time(key.scheduledAt()).number(key.attempt());
            }
            sql.list(cells -> {
                String id = cells.text();
                return holders.put(new Key(cells.text(), cells.time(), cells.count()), id);
            });
        }
        return holders;
    }

    static Execution read(Cells cells) throws SQLException {
        String id = cells.text();
        String jobId = cells.text();
        Trigger trigger = Trigger.valueOf(cells.text().toUpperCase(Locale.ROOT));
        Execution.Builder row = Execution.builder(id, jobId, cells.time())
                .trigger(trigger)
                .attempt(cells.count())
                .status(ExecutionStatus.valueOf(cells.text().toUpperCase(Locale.ROOT)))
                .held();
        cells.timeIfAny().ifPresent(row::dueAt);
        cells.textIfAny().ifPresent(row::node);
        row.fence(cells.number()).jobVersion(cells.number());
        cells.timeIfAny().ifPresent(row::claimedAt);
        cells.timeIfAny().ifPresent(row::startedAt);
        cells.timeIfAny().ifPresent(row::finishedAt);
        cells.textIfAny().ifPresent(row::reason);
        Optional<Instant> from = cells.timeIfAny();
        Optional<Instant> to = cells.timeIfAny();
        long count = cells.number();
        if (from.isPresent() && to.isPresent()) {
            row.missed(new Missed(from.get(), to.get(), count));
        }
        cells.textIfAny().ifPresent(row::error);
        cells.textIfAny().ifPresent(row::failureKind);
        cells.textIfAny().ifPresent(row::output);
        cells.textIfAny().ifPresent(row::source);
        row.failures(cells.count());
        cells.textIfAny().flatMap(Usage::parse).ifPresent(row::usage);
        return row.build();
    }

    static void put(WriteTransaction transaction, Execution row) throws SQLException {
        transaction.batchThatMustWrite(
                row.jobId(),
                bind(
                        transaction
                                .counters()
                                .numbered(transaction.sql(PUT))
                                .text(row.id())
                                .text(row.jobId())
                                .text(row.trigger().word())
                                .time(row.scheduledAt())
                                .number(row.attempt()),
                        row));
    }

    /** Replaces a row that has the same key, which leaves most indexes in peace. */
    static void update(WriteTransaction transaction, Execution row) throws SQLException {
        transaction.batch(row.jobId(), bind(transaction.sql(UPDATE), row).text(row.id()));
    }

    private static Sql bind(Sql sql, Execution row) throws SQLException {
        return sql.text(row.status().word())
                .time(row.dueAt())
                .text(row.node())
                .number(row.fence())
                .number(row.jobVersion())
                .time(row.claimedAt())
                .time(row.startedAt())
                .time(row.finishedAt())
                .text(row.reason())
                .time(row.missed().map(Missed::from))
                .time(row.missed().map(Missed::to))
                .number(row.missed().map(Missed::count))
                .text(row.error())
                .text(row.failureKind())
                .text(row.output())
                .text(row.source())
                .number(row.failures())
                .text(row.usage().map(Usage::text));
    }

    static void delete(WriteTransaction transaction, Execution row) throws SQLException {
        transaction.flush();
        OutputRows.drop(transaction.session(), row.id());
        transaction.sql(DELETE).text(row.id()).update();
        transaction.wrote();
    }

    /** The rows of a removed job are no longer kept whatever their age. */
    static void spareAll(WriteTransaction transaction, String jobId) throws SQLException {
        transaction.flush();
        transaction.sql(SPARE_ALL).text(jobId).update();
    }
}
