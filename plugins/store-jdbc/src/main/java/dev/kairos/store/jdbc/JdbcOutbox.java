package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.EnvelopeDecider;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Outbox;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The envelopes in a SQL database. */
final class JdbcOutbox implements Outbox {
    private static final String WAITING = " FROM envelopes v WHERE v.state IN ('pending', 'retry') AND v.platform = ";
    private static final String CLAIMABLE = "SELECT " + EnvelopeRows.COLUMNS + WAITING + "? AND v.next_attempt_at <= ?"
            + EnvelopeRows.ORDER + " LIMIT ? {postgresql FOR UPDATE SKIP LOCKED}";
    // Platform by platform, so that what nobody here can deliver costs nothing; in one statement, since there are many.
    private static final String DUE =
            " WHERE EXISTS (SELECT 1" + WAITING + "p.column1 AND v.next_attempt_at <= ? LIMIT 1)";
    private static final String NEXT =
            "SELECT min((SELECT v.next_attempt_at" + WAITING + "p.column1 ORDER BY v.next_attempt_at LIMIT 1))";
    private static final int PAGE = 500;
    private static final String IN_ORDER = " ORDER BY v.execution_id, v.content, v.target LIMIT " + PAGE;
    private static final String ALL = "SELECT " + EnvelopeRows.COLUMNS + " FROM envelopes v";
    private static final String FIRST_PAGE = ALL + IN_ORDER;
    private static final String NEXT_PAGE = ALL + " WHERE (v.execution_id, v.content, v.target) > (?, ?, ?)" + IN_ORDER;
    private static final Comparator<Envelope> OLDEST_ATTEMPT_FIRST =
            Comparator.comparing(Envelope::nextAttemptAt).thenComparing(Envelope::id);

    private final Transactions database;

    JdbcOutbox(Transactions database) {
        this.database = database;
    }

    @Override
    public List<Envelope> claimDue(EnvelopeClaimRequest request) {
        List<String> platforms = database.read(session -> {
            NodeRows.requireMember(session, request.node());
            return platformsDue(session, request);
        });
        if (platforms.isEmpty()) {
            return List.of();
        }
        return database.write(transaction -> {
            NodeRows.holdMembership(transaction.session(), request.node());
            List<Envelope> due = new ArrayList<>();
            for (String platform : platforms) {
                due.addAll(transaction
                        .session()
                        .sql(CLAIMABLE)
                        .text(platform)
                        .time(request.now())
                        .number(request.limit())
                        .list(EnvelopeRows::read));
            }
            due.sort(OLDEST_ATTEMPT_FIRST);
            List<Envelope> claimed = new ArrayList<>();
            for (Envelope envelope : due.subList(0, Math.min(due.size(), request.limit()))) {
                claimed.add(envelope.claimedBy(request.node()));
                EnvelopeRows.update(transaction, envelope.claimedBy(request.node()));
            }
            return claimed;
        });
    }

    /** The asked platforms for which something is due. */
    private static List<String> platformsDue(Session session, EnvelopeClaimRequest request) throws SQLException {
        if (request.platforms().isEmpty()) {
            return List.of();
        }
        return platforms(session, "SELECT p.column1", request.platforms(), DUE)
                .time(request.now())
                .list(Cells::text);
    }

    /** A statement over the platforms, its text with a {@code p.column1} for each. */
    private static Sql platforms(Session session, String select, Set<String> platforms, String where)
            throws SQLException {
        String values = platforms.stream().map(platform -> "(?)").collect(Collectors.joining(", "));
        Sql sql = session.sql(select + " FROM (VALUES " + values + ") AS p" + where);
        for (String platform : platforms) {
            sql.text(platform);
        }
        return sql;
    }

    @Override
    public boolean put(Envelope changed, EnvelopeDecider decider) {
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
            application.applyOrRefuse(view, decider.decide(view, siblings));
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
    public void each(Consumer<Envelope> reader) {
        List<Envelope> page = database.read(session -> session.sql(FIRST_PAGE).list(EnvelopeRows::read));
        while (!page.isEmpty()) {
            page.forEach(reader);
            Envelope last = page.get(page.size() - 1);
            page = page.size() < PAGE
                    ? List.of()
                    : database.read(session ->
                            EnvelopeRows.key(session.sql(NEXT_PAGE), last).list(EnvelopeRows::read));
        }
    }

    @Override
    public Optional<Instant> nextDueAt(Set<String> platforms) {
        if (platforms.isEmpty()) {
            return Optional.empty();
        }
        return database.read(session ->
                platforms(session, NEXT, platforms, "").first(Cells::timeIfAny).flatMap(first -> first));
    }
}
