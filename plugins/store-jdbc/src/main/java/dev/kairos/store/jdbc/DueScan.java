package dev.kairos.store.jdbc;

import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.ClaimRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what is due, by index: its cost follows what is due, not what exists. */
final class DueScan {
    private static final String JOBS =
            "SELECT " + JobRows.COLUMNS + " FROM jobs j WHERE j.ability = ? AND j.due_at <= ?";
    private static final String EARLIEST = " ORDER BY j.due_at, j.id LIMIT ? {postgresql FOR UPDATE SKIP LOCKED}";
    private static final String FIRST_JOB = "SELECT j.due_at FROM jobs j WHERE j.ability = ? AND j.due_at IS NOT NULL";
    private static final String FIRST = " ORDER BY j.due_at LIMIT 1";
    private static final String AND_NOT = " AND NOT (j.id = ? AND j.defined_at = ?)";
    private static final String WAITING = " FROM executions e {sqlite CROSS} JOIN jobs j ON j.id = e.job_id WHERE "
            + ExecutionRows.WAITING + " AND j.ability ";
    private static final String BEHIND = " AND (j.due_at, j.id) > (?, ?)";
    private static final String OF_ROWS = " AND e.due_at <= ? GROUP BY e.job_id";
    private static final String BEHIND_OF_ROWS = " HAVING (min(e.due_at), e.job_id) > (?, ?)";
    private static final String EARLIEST_OF_ROWS = " ORDER BY 1, 2 LIMIT ?";
    private static final String FIRST_ROW = " ORDER BY e.due_at LIMIT 1";
    private static final String ONE = "SELECT j.ability FROM jobs j WHERE j.id = ? AND (j.due_at <= ? OR EXISTS"
            + " (SELECT 1 FROM executions e WHERE e.job_id = j.id AND " + ExecutionRows.OPEN + " AND "
            + ExecutionRows.WAITING + " AND e.due_at <= ?))";

    /** A place in the order in which jobs are offered. */
    record Place(Instant at, String jobId) {}

    /**
     * Some jobs to offer.
     *
     * @param rows the rows of the jobs, each locked, earliest due first
     * @param last where the next jobs are to be looked for; empty where there are no more
     */
    record Page(List<JobRows.Read> rows, Optional<Place> last) {}

    /** A job to offer, with its row where the scan has read and locked it already. */
    private record Due(Instant at, String jobId, Optional<JobRows.Read> row) {}

    private final Session session;
    /** The definitions in force that cannot be read here, as far as known: their jobs would come first again and again. */
    private final List<Definitions.Key> faulty;

    private final String andNotFaulty;

    DueScan(Session session, Definitions definitions) {
        this.session = session;
        this.faulty = List.copyOf(definitions.faulty());
        this.andNotFaulty = AND_NOT.repeat(faulty.size());
    }

    private Sql bindFaulty(Sql sql) throws SQLException {
        for (Definitions.Key key : faulty) {
            sql.text(key.jobId()).number(key.since());
        }
        return sql;
    }

    /**
     * The first jobs to offer behind a place. A job that somebody else has locked is not among them; one that is due twice,
     * itself and by a waiting row, may be on two pages.
     */
    Page offered(ClaimRequest request, Optional<Place> behind) throws SQLException {
        if (request.jobId().isPresent()) {
            String jobId = request.jobId().get();
            List<JobRows.Read> locked = JobRows.lockedUnlessHeld(session, List.of(jobId), request.abilities());
            // as it is now that nobody can change it
            return new Page(isDue(request, jobId) ? locked : List.of(), Optional.empty());
        }
        List<Due> due = new ArrayList<>();
        for (String ability : request.abilities().names()) {
            String text = JOBS + andNotFaulty + (behind.isPresent() ? BEHIND : "") + EARLIEST;
            Sql jobs = session.sql(text).text(ability).time(request.horizon());
            due.addAll(bind(bindFaulty(jobs), behind).number(request.limit()).list(DueScan::due));
        }
        due.addAll(waiting(request, behind));
        due.sort(Comparator.comparing(Due::at).thenComparing(Due::jobId));
        Map<String, Optional<JobRows.Read>> earliest = new LinkedHashMap<>();
        for (Due one : due) {
            if (earliest.size() == request.limit() && !earliest.containsKey(one.jobId())) {
                break;
            }
            earliest.merge(one.jobId(), one.row(), (first, second) -> first.or(() -> second));
        }
        boolean isFull = earliest.size() == request.limit();
        return new Page(
                withRows(earliest, request.abilities()), isFull ? Optional.of(last(due, earliest)) : Optional.empty());
    }

    private static Sql bind(Sql sql, Optional<Place> place) throws SQLException {
        return place.isEmpty()
                ? sql
                : sql.time(place.get().at()).text(place.get().jobId());
    }

    /** The place of the last job that was taken, at its first mention. */
    private static Place last(List<Due> due, Map<String, ?> taken) {
        Set<String> met = new HashSet<>();
        for (Due one : due) {
            if (met.add(one.jobId()) && met.size() == taken.size()) {
                return new Place(one.at(), one.jobId());
            }
        }
        throw new IllegalStateException("a page without its last job");
    }

    private List<JobRows.Read> withRows(Map<String, Optional<JobRows.Read>> jobs, Abilities abilities)
            throws SQLException {
        List<String> unread = new ArrayList<>();
        jobs.forEach((id, row) -> {
            if (row.isEmpty()) {
                unread.add(id);
            }
        });
        Map<String, JobRows.Read> read = new HashMap<>();
        JobRows.lockedUnlessHeld(session, unread, abilities)
                .forEach(row -> read.put(row.key().jobId(), row));
        List<JobRows.Read> rows = new ArrayList<>();
        jobs.forEach(
                (id, row) -> row.or(() -> Optional.ofNullable(read.get(id))).ifPresent(rows::add));
        return rows;
    }

    private boolean isDue(ClaimRequest request, String jobId) throws SQLException {
        return session.sql(ONE)
                .text(jobId)
                .time(request.horizon())
                .time(request.now())
                .first(Cells::text)
                .filter(request.abilities().names()::contains)
                .isPresent();
    }

    /** Whether {@link #offered} would answer anything. Locks nothing. */
    boolean isAnyDue(ClaimRequest request) throws SQLException {
        if (request.jobId().isPresent()) {
            return isDue(request, request.jobId().get());
        }
        for (String ability : request.abilities().names()) {
            Optional<Instant> first = firstJob(ability);
            if (first.isPresent() && !first.get().isAfter(request.horizon())) {
                return true;
            }
        }
        return firstRow(request.abilities())
                .filter(at -> !at.isAfter(request.now()))
                .isPresent();
    }

    private Optional<Instant> firstJob(String ability) throws SQLException {
        return bindFaulty(session.sql(FIRST_JOB + andNotFaulty + FIRST).text(ability))
                .first(Cells::time);
    }

    private static Due due(Cells cells) throws SQLException {
        JobRows.Read row = JobRows.read(cells);
        return new Due(row.engine().dueAt().orElseThrow(), row.key().jobId(), Optional.of(row));
    }

    private List<Due> waiting(ClaimRequest request, Optional<Place> behind) throws SQLException {
        int abilities = request.abilities().names().size();
        if (abilities == 0) {
            return List.of();
        }
        Sql rows = session.sql("SELECT min(e.due_at), e.job_id" + WAITING + Words.oneOf(abilities) + andNotFaulty
                        + OF_ROWS + (behind.isPresent() ? BEHIND_OF_ROWS : "") + EARLIEST_OF_ROWS)
                .texts(request.abilities().names());
        return bind(bindFaulty(rows).time(request.now()), behind)
                .number(request.limit())
                .list(cells -> new Due(cells.time(), cells.text(), Optional.empty()));
    }

    /** The earliest instant at which a waiting row makes its job one to offer. */
    Optional<Instant> firstRow(Abilities abilities) throws SQLException {
        if (abilities.names().isEmpty()) {
            return Optional.empty();
        }
        Sql rows = session.sql("SELECT e.due_at" + WAITING
                        + Words.oneOf(abilities.names().size()) + andNotFaulty + FIRST_ROW)
                .texts(abilities.names());
        return bindFaulty(rows).first(Cells::time);
    }

    /** The earliest instant at which something can be offered. */
    Optional<Instant> first(Abilities abilities) throws SQLException {
        List<Instant> firsts = new ArrayList<>();
        for (String ability : abilities.names()) {
            firstJob(ability).ifPresent(firsts::add);
        }
        firstRow(abilities).ifPresent(firsts::add);
        return firsts.stream().min(Instant::compareTo);
    }
}
