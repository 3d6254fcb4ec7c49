package dev.kairos.store.jdbc;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.Jobs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The jobs in a SQL database. */
final class JdbcJobs implements Jobs {
    static final int KEPT_REVISIONS = 50;

    private static final String LIST = JobRows.WITH_BODY + " ORDER BY j.id";
    private static final int PAGE = 500;
    /** The page first, then its definitions: a plan that merges two whole indexes would begin anew with each page. */
    private static final String PAGE_OF = "SELECT " + JobRows.COLUMNS + ", d.body FROM (SELECT * FROM jobs p";

    private static final String WITH_BODIES = " ORDER BY p.id LIMIT " + PAGE
            + ") AS j JOIN definitions d ON d.job_id = j.id AND d.since = j.defined_at ORDER BY j.id";
    private static final String FIRST_PAGE = PAGE_OF + WITH_BODIES;
    private static final String NEXT_PAGE = PAGE_OF + " WHERE p.id > ?" + WITH_BODIES;
    private static final String AT = "SELECT d.job_id, d.since, d.body, s.revision FROM store s"
            + " LEFT JOIN definitions d ON d.since <= ? AND (d.until IS NULL OR d.until > ?) WHERE s.one = 1";

    private final Transactions database;

    JdbcJobs(Transactions database) {
        this.database = database;
    }

    @Override
    public List<String> create(List<Job> jobs) {
        return database.write(transaction -> {
            transaction.counters().alone();
            transaction.counters().announce();
            Set<String> present = new HashSet<>(JobRows.present(transaction.session(), idsOf(jobs)));
            List<String> taken = new ArrayList<>();
            List<Job> fresh = new ArrayList<>();
            for (Job job : jobs) {
                if (present.add(job.id())) {
                    fresh.add(job);
                } else {
                    taken.add(job.id());
                }
            }
            JobRows.revoke(transaction, idsOf(fresh));
            for (Job job : fresh) {
                JobRows.insert(transaction, job);
            }
            return taken;
        });
    }

    private static List<String> idsOf(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    @Override
    public Set<String> taken(Collection<String> ids) {
        return database.read(session -> Set.copyOf(JobRows.present(session, ids)));
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
    public void each(Consumer<Job> reader) {
        eachAsKept(job -> reader.accept(job.forHost()));
    }

    @Override
    public void eachAsKept(Consumer<Job> reader) {
        List<Job> page = database.read(session -> session.sql(FIRST_PAGE).list(this::readInPassing));
        while (!page.isEmpty()) {
            page.forEach(reader);
            String last = page.get(page.size() - 1).id();
            page = page.size() < PAGE
                    ? List.of()
                    : database.read(session -> session.sql(NEXT_PAGE).text(last).list(this::readInPassing));
        }
    }

    /** Whoever reads all jobs needs none of their definitions again soon. */
    private Job readInPassing(Cells cells) throws SQLException {
        JobRows.Read row = JobRows.read(cells);
        JobDefinition known = database.definitions().known(row.key());
        return row.kept(known != null ? known : database.definitions().look(row.key(), cells.text()));
    }

    @Override
    public Changes changesSince(long cursor) {
        return database.read(session -> session.dialect().moves().since(session, cursor));
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
