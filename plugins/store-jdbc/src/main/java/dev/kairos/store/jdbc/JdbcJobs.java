package dev.kairos.store.jdbc;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.Jobs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The jobs in a SQL database. */
final class JdbcJobs implements Jobs {
    static final int KEPT_REVISIONS = 50;

    private static final String LIST = JobRows.WITH_BODY + " ORDER BY j.id";
    private static final String CHANGES = "SELECT s.store_id, s.revision, {sqlite s.moves}"
            + "{postgresql pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1} FROM store s WHERE s.one = 1"
            + " UNION ALL SELECT j.id, 0, 0 FROM jobs j WHERE j.moved > ?"
            + " UNION ALL SELECT r.job_id, 0, 0 FROM removals r WHERE r.moved > ?";
    private static final String AT = "SELECT d.job_id, d.since, d.body, s.revision FROM store s"
            + " LEFT JOIN definitions d ON d.since <= ? AND (d.until IS NULL OR d.until > ?) WHERE s.one = 1";

    private final Transactions database;

    JdbcJobs(Transactions database) {
        this.database = database;
    }

    @Override
    public List<String> create(List<Job> jobs) {
        return database.write(transaction -> {
            List<String> taken = new ArrayList<>();
            transaction.counters().alone();
            transaction.counters().announce();
            for (Job job : jobs) {
                transaction.settle(job.id());
                if (JobRows.exists(transaction.session(), job.id())) {
                    taken.add(job.id());
                } else {
                    JobRows.insert(transaction, job);
                }
            }
            return taken;
        });
    }

    @Override
    public Optional<Job> find(String id) {
        return database.read(session -> JobRows.find(session, database.definitions(), id));
    }

    @Override
    public List<Job> list() {
        return database.read(
                session -> session.sql(LIST).list(cells -> JobRows.readWithBody(cells, database.definitions())));
    }

    @Override
    public Changes changesSince(long cursor) {
        return database.read(session -> {
            Set<String> moved = new HashSet<>();
            List<Changes> head = new ArrayList<>();
            session.sql(CHANGES).number(cursor).number(cursor).eachWhile(cells -> {
                String text = cells.text();
                if (head.isEmpty()) {
                    head.add(new Changes(text, cells.number(), cells.number(), Set.of()));
                } else {
                    moved.add(text);
                }
                return true;
            });
            if (head.isEmpty()) {
                throw new SQLException("the table store has no row");
            }
            Changes store = head.get(0);
            return new Changes(store.storeId(), store.revision(), store.cursor(), moved);
        });
    }

    @Override
    public Optional<Map<String, JobDefinition>> definitionsAt(long revision) {
        return database.read(session -> {
            Map<String, JobDefinition> found = new TreeMap<>();
            List<Long> present = new ArrayList<>();
            session.sql(AT).number(revision).number(revision).eachWhile(cells -> {
                Optional<String> id = cells.textIfAny();
                long since = cells.number();
                Optional<String> body = cells.textIfAny();
                present.add(cells.number());
                if (id.isPresent() && body.isPresent()) {
                    found.put(id.get(), definition(new Definitions.Key(id.get(), since), body.get()));
                }
                return isKept(revision, present.get(0));
            });
            return isKept(revision, present.get(0)) ? Optional.of(found) : Optional.empty();
        });
    }

    private static boolean isKept(long revision, long present) {
        return revision >= 0 && revision <= present && revision > present - KEPT_REVISIONS;
    }

    private JobDefinition definition(Definitions.Key key, String body) {
        JobDefinition known = database.definitions().known(key);
        return known != null ? known : database.definitions().parse(key, body);
    }
}
