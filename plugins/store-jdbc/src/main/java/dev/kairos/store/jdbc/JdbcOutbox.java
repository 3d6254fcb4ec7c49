package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Outbox;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The envelopes in a SQL database. */
final class JdbcOutbox implements Outbox {
    private static final String WAITING = "v.state IN ('pending', 'retry')";
    private static final String DUE = "SELECT " + EnvelopeRows.COLUMNS + " FROM envelopes v WHERE " + WAITING
            + " AND v.next_attempt_at <= ?" + EnvelopeRows.ORDER + " LIMIT ?";
    private static final String CLAIMABLE = DUE + " {postgresql FOR UPDATE SKIP LOCKED}";
    private static final String NEXT =
            "SELECT v.next_attempt_at FROM envelopes v WHERE " + WAITING + " ORDER BY v.next_attempt_at LIMIT 1";

    private final Transactions database;

    JdbcOutbox(Transactions database) {
        this.database = database;
    }

    @Override
    public List<Envelope> claimDue(String node, Instant now, int limit) {
        boolean idle = database.read(session -> {
            NodeRows.requireMember(session, node);
            return due(session, DUE, now, 1).isEmpty();
        });
        if (idle) {
            return List.of();
        }
        return database.write(transaction -> {
            NodeRows.holdMembership(transaction.session(), node);
            List<Envelope> claimed = new ArrayList<>();
            for (Envelope envelope : due(transaction.session(), CLAIMABLE, now, limit)) {
                claimed.add(envelope.claimedBy(node));
                EnvelopeRows.update(transaction, envelope.claimedBy(node));
            }
            return claimed;
        });
    }

    private static List<Envelope> due(Session session, String text, Instant now, int limit) throws SQLException {
        return session.sql(text).time(now).number(limit).list(EnvelopeRows::read);
    }

    @Override
    public boolean put(Envelope changed, BiFunction<JobView, List<Envelope>, Amendment> jobChange) {
        return database.write(transaction -> {
            Session session = transaction.session();
            Application application = new Application(transaction);
            application.view(changed.jobId()); // locks the job before the envelope, as everybody does
            Optional<Envelope> found = EnvelopeRows.lock(session, changed);
            if (found.isEmpty() || !found.get().mayBecome(changed)) {
                return false;
            }
            if (!found.get().jobId().equals(changed.jobId())) {
                throw new IllegalArgumentException("envelope " + changed.id() + " belongs to job "
                        + found.get().jobId());
            }
            EnvelopeRows.update(transaction, changed);
            JobView view = application.view(changed.jobId());
            List<Envelope> siblings = EnvelopeRows.ofExecution(session, changed.executionId());
            application.applyOrRefuse(view, jobChange.apply(view, siblings));
            return true;
        });
    }

    @Override
    public List<Envelope> list(Optional<String> jobId, Set<EnvelopeState> states, int limit) {
        List<String> conditions = new ArrayList<>();
        jobId.ifPresent(id -> conditions.add("v.job_id = ?"));
        if (!states.isEmpty()) {
            conditions.add("v.state IN ("
                    + states.stream()
                            .sorted()
                            .map(state -> "'" + state.word() + "'")
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        String text = "SELECT " + EnvelopeRows.COLUMNS + " FROM envelopes v" + where + EnvelopeRows.ORDER + " LIMIT ?";
        return database.read(session -> {
            Sql sql = session.sql(text);
            if (jobId.isPresent()) {
                sql.text(jobId.get());
            }
            return sql.number(limit).list(EnvelopeRows::read);
        });
    }

    @Override
    public Optional<Instant> nextDueAt() {
        return database.read(session -> session.sql(NEXT).first(Cells::time));
    }
}
