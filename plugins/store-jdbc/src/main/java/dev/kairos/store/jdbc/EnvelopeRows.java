package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Envelopes as table rows. */
final class EnvelopeRows {
    /** The columns that {@link #read} expects, in its order. */
    static final String COLUMNS = "v.execution_id, v.job_id, v.target, v.content, v.state, v.attempts,"
            + " v.next_attempt_at, v.node, v.fence, v.receipts, v.error, v.unknown_since";

    /** Oldest attempt first. */
    static final String ORDER = " ORDER BY v.next_attempt_at, v.execution_id, v.content, v.target";

    /** The states of an open envelope. */
    static final String OPEN = "v.state IN ('pending', 'claimed', 'sending', 'retry')";

    private static final String KEY = " WHERE v.execution_id = ? AND v.content = ? AND v.target = ?";
    private static final String FIND = "SELECT " + COLUMNS + " FROM envelopes v" + KEY + " {postgresql FOR UPDATE}";
    private static final String OF_EXECUTION = "SELECT " + COLUMNS + " FROM envelopes v WHERE v.execution_id = ?";
    private static final String INSERT = "INSERT INTO envelopes (execution_id, job_id, target, platform, content,"
            + " state, attempts, next_attempt_at, node, fence, receipts, error, unknown_since)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (execution_id, content, target) DO NOTHING";
    private static final String UPDATE = "UPDATE envelopes AS v SET state = ?, attempts = ?, next_attempt_at = ?,"
            + " node = ?, fence = ?, receipts = ?, error = ?, unknown_since = ?" + KEY;
    private static final String CANCEL =
            "UPDATE envelopes AS v SET state = 'cancelled', node = NULL, error = ?" + " WHERE v.job_id = ? AND " + OPEN;
    private static final String REMOVED = "the job was removed";

    private EnvelopeRows() {}

    static Optional<Envelope> lock(Session session, Envelope like) throws SQLException {
        return key(session.sql(FIND), like).first(EnvelopeRows::read);
    }

    static List<Envelope> ofExecution(Session session, String executionId) throws SQLException {
        return session.sql(OF_EXECUTION).text(executionId).list(EnvelopeRows::read);
    }

    static void insert(WriteTransaction transaction, Envelope envelope) throws SQLException {
        transaction.batch(
                envelope.jobId(),
                transaction
                        .sql(INSERT)
                        .text(envelope.executionId())
                        .text(envelope.jobId())
                        .text(envelope.target())
                        .text(envelope.platform())
                        .text(word(envelope.content()))
                        .text(envelope.state().word())
                        .number(envelope.attempts())
                        .time(envelope.nextAttemptAt())
                        .text(envelope.node())
                        .number(envelope.fence())
                        .text(receipts(envelope))
                        .text(envelope.error())
                        .time(envelope.unknownSince()));
    }

    static void update(WriteTransaction transaction, Envelope envelope) throws SQLException {
        Sql sql = transaction
                .sql(UPDATE)
                .text(envelope.state().word())
                .number(envelope.attempts())
                .time(envelope.nextAttemptAt())
                .text(envelope.node())
                .number(envelope.fence())
                .text(receipts(envelope))
                .text(envelope.error())
                .time(envelope.unknownSince());
        transaction.batch(envelope.jobId(), key(sql, envelope));
    }

    static void cancelOpen(WriteTransaction transaction, String jobId) throws SQLException {
        transaction.flush();
        transaction.sql(CANCEL).text(REMOVED).text(jobId).update();
    }

    static Envelope cancelled(Envelope envelope) {
        return envelope.ended(EnvelopeState.CANCELLED, Optional.of(REMOVED));
    }

    static Envelope read(Cells cells) throws SQLException {
        String executionId = cells.text();
        String jobId = cells.text();
        String target = cells.text();
        Envelope.Content content = Envelope.Content.valueOf(cells.text().toUpperCase(Locale.ROOT));
        EnvelopeState state = EnvelopeState.valueOf(cells.text().toUpperCase(Locale.ROOT));
        int attempts = cells.count();
        return Envelope.pending(executionId, jobId, target, content, cells.time()).toBuilder()
                .state(state)
                .attempts(attempts)
                .node(cells.textIfAny())
                .fence(cells.number())
                .receipts(JsonTree.texts(cells.text()))
                .error(cells.textIfAny())
                .unknownSince(cells.timeIfAny())
                .build();
    }

    /** Binds what names it. */
    static Sql key(Sql sql, Envelope envelope) throws SQLException {
        return sql.text(envelope.executionId()).text(word(envelope.content())).text(envelope.target());
    }

    private static String word(Envelope.Content content) {
        return content.name().toLowerCase(Locale.ROOT);
    }

    private static String receipts(Envelope envelope) {
        return envelope.receipts().isEmpty() ? "[]" : JsonTree.write(envelope.receipts());
    }
}
