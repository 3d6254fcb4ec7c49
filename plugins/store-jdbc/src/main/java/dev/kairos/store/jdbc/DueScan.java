package dev.kairos.store.jdbc;

import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.ClaimRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds what is due, by index: its cost follows what is due, not what exists. */
final class DueScan {
    private static final String AND_NOT = " AND NOT (j.id = ? AND j.defined_at = ?)";
    private static final String WAITING = " FROM executions e {sqlite CROSS} JOIN jobs j ON j.id = e.job_id WHERE "
            + ExecutionRows.WAITING + " AND j.ability ";
    private static final String BEHIND = " AND (j.due_at, j.id) > (?, ?)";
    private static final String BEHIND_OF_ROWS = " HAVING (min(e.due_at), e.job_id) > (?, ?)";
    private static final String FIRST_ROW = " ORDER BY e.due_at LIMIT 1";
    private static final String ONE = "SELECT j.ability FROM jobs j WHERE j.id = ? AND (j.due_at <= ? OR EXISTS"
            + " (SELECT 1 FROM executions e WHERE e.job_id = j.id AND " + ExecutionRows.OPEN + " AND "
            + ExecutionRows.WAITING + " AND e.due_at <= ?))";

    /** Each ability steps into the index, past what others hold, for no more than its share. */
    private static final String SHARES = "SELECT " + JobRows.COLUMNS + " FROM " + Words.arrays("tn")
            + " AS a (ability, share) CROSS JOIN LATERAL (SELECT * FROM jobs j WHERE j.ability = a.ability AND j.due_at <= ?";

    private static final String SHARE = " ORDER BY j.due_at, j.id LIMIT a.share FOR UPDATE SKIP LOCKED) AS j";

    /** A place in the order in which jobs are offered. */
    record Place(Instant at, String jobId) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : jobId.compareTo(other.jobId);
        }
    }

    /**
     * Some jobs to offer.
     *
     * @param rows the rows of the jobs, each locked, earliest due first
     * @param last where the next jobs are to be looked for; empty where there are no more
     */
    record Page(List<JobRows.Read> rows, Optional<Place> last) {}

    /**
     * A job to offer.
     *
     * @param ability what it needs; empty where not the job but a waiting row is what is due
     */
    private record Due(Place place, Optional<String> ability) {}

    /**
     * What a look from outside a transaction shows.
     *
     * @param isMember whether the asking node is one
     * @param job the earliest instant at which a job is due
     * @param row the earliest instant at which a waiting row is
     */
    private record Look(boolean isMember, Optional<Instant> job, Optional<Instant> row) {}

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
     * The first jobs to offer behind a place: looked for without a lock, and then only those locked. A job that somebody else
     * has locked is not among them; one that is due twice, itself and by a waiting row, may be on two pages.
     *
     * @param most how many jobs at most
     */
    Page offered(ClaimRequest request, Optional<Place> behind, int most) throws SQLException {
        if (request.jobId().isPresent()) {
            String jobId = request.jobId().get();
            List<JobRows.Read> locked = JobRows.lockedUnlessHeld(session, List.of(jobId), request.abilities());
            // as it is now that nobody can change it
            return new Page(isDue(request, jobId) ? locked : List.of(), Optional.empty());
        }
        if (request.abilities().names().isEmpty()) {
            return new Page(List.of(), Optional.empty());
        }
        List<Due> due = candidates(request, behind, most);
        Map<String, Place> rowsDue = new HashMap<>();
        due.stream()
                .filter(one -> one.ability().isEmpty())
                .forEach(one -> rowsDue.put(one.place().jobId(), one.place()));
        Map<Place, JobRows.Read> offered = new TreeMap<>();
        for (JobRows.Read row : locked(request, behind, due, rowsDue.keySet())) {
            String jobId = row.key().jobId();
            Stream.concat(
                            row.engine().dueAt().map(at -> new Place(at, jobId)).stream(),
                            Stream.ofNullable(rowsDue.get(jobId)))
                    .min(Comparator.naturalOrder())
                    .ifPresent(place -> offered.put(place, row));
        }
        return new Page(
                List.copyOf(offered.values()),
                due.size() == most ? Optional.of(due.get(most - 1).place()) : Optional.empty());
    }

    /**
     * Of each ability as many as the look found, whichever of them nobody holds: had two nodes to lock what both looked at,
     * one would go away empty. The jobs of waiting rows are locked by their ids.
     */
    private List<JobRows.Read> locked(ClaimRequest request, Optional<Place> behind, List<Due> due, Set<String> ofRows)
            throws SQLException {
        Set<String> byId = new HashSet<>(ofRows);
        List<JobRows.Read> locked = new ArrayList<>();
        if (session.dialect().writers() == 1) { // what the look found is as it was
            due.forEach(one -> byId.add(one.place().jobId()));
        } else {
            locked.addAll(shares(request, behind, due));
            locked.forEach(row -> byId.remove(row.key().jobId()));
        }
        locked.addAll(JobRows.lockedUnlessHeld(session, byId, request.abilities()));
        return locked;
    }

    private List<JobRows.Read> shares(ClaimRequest request, Optional<Place> behind, List<Due> due) throws SQLException {
        Map<String, Integer> shares = new HashMap<>();
        due.forEach(one -> one.ability().ifPresent(name -> shares.merge(name, 1, Integer::sum)));
        if (shares.isEmpty()) {
            return List.of();
        }
        Sql sql = session.sql(SHARES + andNotFaulty + (behind.isPresent() ? BEHIND : "") + SHARE)
                .texts(shares.keySet())
                .numbers(shares.values())
                .time(request.horizon());
        return bind(bindFaulty(sql), behind).list(JobRows::read);
    }

    /**
     * Of each ability the first, so that what nobody here can run costs nothing and hides nothing, and of them all the first;
     * in one statement, since there are many abilities.
     */
    private List<Due> candidates(ClaimRequest request, Optional<Place> behind, int most) throws SQLException {
        Set<String> abilities = request.abilities().names();
        String ofAbility = " FROM jobs j WHERE j.ability = a.column1 AND j.due_at <= ?" + andNotFaulty
                + (behind.isPresent() ? BEHIND : "") + " ORDER BY j.due_at, j.id LIMIT ?)";
        String jobs = "SELECT d.due_at, d.id, a.column1 AS ability FROM " + Words.each(abilities.size())
                + " CROSS JOIN {postgresql LATERAL (SELECT j.due_at, j.id}{sqlite jobs d WHERE d.id IN (SELECT j.id}"
                + ofAbility + "{postgresql  AS d}";
        String rows = "SELECT min(e.due_at), e.job_id, NULL" + WAITING + Words.oneOf(abilities.size()) + andNotFaulty
                + " AND e.due_at <= ? GROUP BY e.job_id" + (behind.isPresent() ? BEHIND_OF_ROWS : "");
        Sql sql = session.sql("SELECT c.due_at, c.id, c.ability FROM (" + jobs + " UNION ALL " + rows
                + ") AS c ORDER BY c.due_at, c.id LIMIT ?");
        bind(bindFaulty(sql.each(abilities).time(request.horizon())), behind).number(most);
        bind(bindFaulty(sql.texts(abilities)).time(request.now()), behind).number(most);
        return sql.list(cells -> new Due(new Place(cells.time(), cells.text()), cells.textIfAny()));
    }

    private static Sql bind(Sql sql, Optional<Place> place) throws SQLException {
        return place.isEmpty()
                ? sql
                : sql.time(place.get().at()).text(place.get().jobId());
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

    /**
     * Whether {@link #offered} would answer anything. Locks nothing, and costs one statement however much the node can run.
     *
     * @throws dev.kairos.api.store.StoreException of kind {@code NODE_LOST} if the asking node is no member
     */
    boolean isAnyDue(ClaimRequest request) throws SQLException {
        if (request.jobId().isPresent() || request.abilities().names().isEmpty()) {
            NodeRows.requireMember(session, request.node());
            return request.jobId().isPresent() && isDue(request, request.jobId().get());
        }
        Look look = look(request.abilities(), request.node());
        if (!look.isMember()) {
            throw NodeRows.lost(request.node());
        }
        return look.job().filter(at -> !at.isAfter(request.horizon())).isPresent()
                || look.row().filter(at -> !at.isAfter(request.now())).isPresent();
    }

    /** The first of each ability is one step into the index; a plan that joins would walk through the jobs. */
    private Look look(Abilities abilities, String node) throws SQLException {
        int names = abilities.names().size();
        Sql sql = session.sql("SELECT (" + NodeRows.IS_MEMBER + "), (SELECT min((SELECT j.due_at FROM jobs j"
                + " WHERE j.ability = a.column1 AND j.due_at IS NOT NULL" + andNotFaulty
                + " ORDER BY j.due_at LIMIT 1)) FROM " + Words.each(names) + "), (" + firstRow(names) + ")");
        bindFaulty(sql.text(node)).each(abilities.names());
        return bindFaulty(sql.texts(abilities.names()))
                .first(cells -> new Look(cells.numberIfAny().isPresent(), cells.timeIfAny(), cells.timeIfAny()))
                .orElseThrow(() -> new SQLException("a look without an answer"));
    }

    /** The earliest instant at which a waiting row makes its job one to offer. */
    Optional<Instant> firstRow(Abilities abilities) throws SQLException {
        if (abilities.names().isEmpty()) {
            return Optional.empty();
        }
        Sql rows = session.sql(firstRow(abilities.names().size())).texts(abilities.names());
        return bindFaulty(rows).first(Cells::time);
    }

    private String firstRow(int abilities) {
        return "SELECT e.due_at" + WAITING + Words.oneOf(abilities) + andNotFaulty + FIRST_ROW;
    }

    /** The earliest instant at which something can be offered. */
    Optional<Instant> first(Abilities abilities) throws SQLException {
        if (abilities.names().isEmpty()) {
            return Optional.empty();
        }
        Look look = look(abilities, "");
        return Stream.concat(look.job().stream(), look.row().stream()).min(Instant::compareTo);
    }
}
