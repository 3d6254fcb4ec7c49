package dev.kairos.store.jdbc;

import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.ClaimRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what is due, by index: its cost follows what is due, not what exists. */
final class DueScan {
    private static final String JOBS = "SELECT " + JobRows.COLUMNS
            + " FROM jobs j WHERE j.ability = ? AND j.due_at <= ?" + " ORDER BY j.due_at, j.id LIMIT ?";
    private static final String ROWS = "SELECT e.due_at, e.job_id, j.ability FROM executions e"
            + " CROSS JOIN jobs j ON j.id = e.job_id WHERE " + ExecutionRows.WAITING
            + " AND e.due_at <= ? ORDER BY e.due_at, e.job_id";
    private static final String FIRST_JOB =
            "SELECT j.due_at FROM jobs j WHERE j.ability = ? AND j.due_at IS NOT NULL ORDER BY j.due_at LIMIT 1";
    private static final String ONE = "SELECT j.ability FROM jobs j WHERE j.id = ? AND (j.due_at <= ? OR EXISTS"
            + " (SELECT 1 FROM executions e WHERE e.job_id = j.id AND " + ExecutionRows.OPEN + " AND "
            + ExecutionRows.WAITING + " AND e.due_at <= ?))";

    /** A job to offer, with its row where the scan has read it already. */
    record Due(Instant at, String jobId, Optional<JobRows.Read> row) {}

    private DueScan() {}

    /** The jobs to offer, earliest due first. */
    static Collection<Due> offered(Session session, ClaimRequest request) throws SQLException {
        if (request.jobId().isPresent()) {
            String jobId = request.jobId().get();
            return session.sql(ONE)
                            .text(jobId)
                            .time(request.horizon())
                            .time(request.now())
                            .first(Cells::text)
                            .filter(request.abilities().names()::contains)
                            .isPresent()
                    ? List.of(new Due(request.horizon(), jobId, Optional.empty()))
                    : List.of();
        }
        List<Due> due = new ArrayList<>();
        for (String ability : request.abilities().names()) {
            due.addAll(session.sql(JOBS)
                    .text(ability)
                    .time(request.horizon())
                    .number(request.limit())
                    .list(DueScan::due));
        }
        due.addAll(waiting(session, request));
        due.sort(Comparator.comparing(Due::at).thenComparing(Due::jobId));
        Map<String, Due> earliest = new LinkedHashMap<>();
        for (Due one : due) {
            if (earliest.size() == request.limit()) {
                break;
            }
            earliest.putIfAbsent(one.jobId(), one);
        }
        return earliest.values();
    }

    /** Whether {@link #offered} would answer anything. */
    static boolean isAnyDue(Session session, ClaimRequest request) throws SQLException {
        ClaimRequest forOne = new ClaimRequest(
                request.node(), request.now(), request.horizon(), 1, request.abilities(), request.jobId());
        return !offered(session, forOne).isEmpty();
    }

    private static Due due(Cells cells) throws SQLException {
        JobRows.Read row = JobRows.read(cells);
        return new Due(row.engine().dueAt().orElseThrow(), row.key().jobId(), Optional.of(row));
    }

    private static List<Due> waiting(Session session, ClaimRequest request) throws SQLException {
        List<Due> due = new ArrayList<>();
        Set<String> jobs = new HashSet<>();
        session.sql(ROWS).time(request.now()).eachWhile(cells -> {
            Due one = new Due(cells.time(), cells.text(), Optional.empty());
            if (request.abilities().names().contains(cells.text()) && jobs.add(one.jobId())) {
                due.add(one);
            }
            return jobs.size() < request.limit();
        });
        return due;
    }

    /** The earliest instant at which something can be offered. */
    static Optional<Instant> first(Session session, Abilities abilities) throws SQLException {
        List<Instant> firsts = new ArrayList<>();
        for (String ability : abilities.names()) {
            session.sql(FIRST_JOB).text(ability).first(Cells::time).ifPresent(firsts::add);
        }
        session.sql(ROWS).number(Long.MAX_VALUE).eachWhile(cells -> {
            Instant at = cells.time();
            cells.text();
            boolean able = abilities.names().contains(cells.text());
            if (able) {
                firsts.add(at);
            }
            return !able;
        });
        return firsts.stream().min(Instant::compareTo);
    }
}
