package dev.kairos.store.jdbc;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.store.Abilities;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Jobs and their definitions as table rows. */
final class JobRows {
    /** The columns that {@link #read} expects, in its order. */
    static final String COLUMNS = "j.id, j.version, j.defined_at, j.state, j.due_at,"
            + " j.next_run_at, j.last_scheduled_at, j.completed_count, j.run_count, j.failure_streak, j.last_run_at, j.last_status,"
            + " j.last_error, j.last_delivery_status, j.last_delivery_error, j.last_took, j.skip_execution,"
            + " j.skip_reason, j.skip_from, j.skip_to, j.skip_count";

    /** Jobs with the body of the definition in force as the last column. */
    static final String WITH_BODY = "SELECT " + COLUMNS
            + ", d.body FROM jobs j JOIN definitions d ON d.job_id = j.id AND d.since = j.defined_at";

    private static final String ONE = "SELECT " + COLUMNS + " FROM jobs j WHERE j.id = ?";
    private static final String LOCKED = "SELECT " + COLUMNS + " FROM jobs j WHERE j.id ";
    private static final String WITH_BODIES = WITH_BODY + " WHERE j.id ";
    private static final String WAITING_FOR_THEM = " ORDER BY j.id {postgresql FOR UPDATE}";
    private static final String PASSING_OVER_OTHERS = " ORDER BY j.id {postgresql FOR UPDATE SKIP LOCKED}";
    private static final String BODIES =
            "SELECT d.job_id, d.since, d.body FROM definitions d WHERE d.until IS NULL AND d.job_id ";
    private static final String BODY = "SELECT body FROM definitions WHERE job_id = ? AND since = ?";
    private static final String PRESENT = "SELECT j.id FROM jobs j WHERE j.id ";
    /** The types of the columns that {@link #bind} writes, and their names. */
    private static final String ENGINE_TYPES = "tnnnnnnttttnttnnn";

    private static final String ENGINE = "state, next_run_at, last_scheduled_at, completed_count, run_count,"
            + " failure_streak, last_run_at, last_status, last_error, last_delivery_status, last_delivery_error,"
            + " last_took, skip_execution, skip_reason, skip_from, skip_to, skip_count";
    private static final String INSERT = "INSERT INTO jobs (id, version, defined_at, ability, moved, due_at, " + ENGINE
            + ") " + Words.rows("tnntnn" + ENGINE_TYPES);
    private static final String UPDATE_DUE =
            Words.update("jobs", ENGINE_TYPES + "nn", (ENGINE + ", moved, due_at").split(", "));
    /** Leaves the index of due jobs in peace. */
    private static final String UPDATE_REST =
            Words.update("jobs", ENGINE_TYPES + "n", (ENGINE + ", moved").split(", "));

    private static final String UPDATE_IN_PLACE = "UPDATE jobs SET state = CASE state WHEN 'running' THEN 'scheduled'"
            + " ELSE state END, last_scheduled_at = ?, completed_count = ?, run_count = ?, failure_streak = ?,"
            + " last_run_at = ?, last_status = ?, last_error = ?, last_delivery_status = ?, last_delivery_error = ?,"
            + " last_took = ?, skip_execution = ?, skip_reason = ?, skip_from = ?, skip_to = ?, skip_count = ?, moved = ?"
            + " WHERE id = ?";
    private static final String TOUCH = "UPDATE jobs SET moved = ? WHERE id = ?";
    private static final String REDEFINE =
            "UPDATE jobs SET version = ?, defined_at = ?, ability = ?, moved = ? WHERE id = ?";
    private static final String RETIRE =
            "UPDATE definitions SET until = ? WHERE job_id = ? AND until IS NULL AND since < ?";
    private static final String DEFINE = "INSERT INTO definitions (job_id, since, body) " + Words.rows("tnt")
            + " ON CONFLICT (job_id, since) DO UPDATE SET until = NULL, body = excluded.body";
    private static final String DROP_SAME = "DELETE FROM definitions WHERE job_id = ? AND since = ?";
    private static final String DELETE = "DELETE FROM jobs WHERE id = ?";
    private static final String REMEMBER = "INSERT INTO removals (job_id, moved) VALUES (?, ?)"
            + " ON CONFLICT (job_id) DO UPDATE SET moved = excluded.moved";
    private static final String REVOKE = "DELETE FROM removals WHERE job_id ";

    private JobRows() {}

    static Optional<Job> find(Session session, Definitions definitions, String id) throws SQLException {
        Optional<Read> found = session.sql(ONE).text(id).first(JobRows::read);
        return found.isEmpty() ? Optional.empty() : complete(session, definitions, found.get());
    }

    /** The job of a row; empty if it was removed between the two statements of a reader. */
    static Optional<Job> complete(Session session, Definitions definitions, Read row) throws SQLException {
        Definitions.Key key = row.key();
        JobDefinition known = definitions.known(key);
        if (known != null) {
            return Optional.of(row.job(known));
        }
        return session.sql(BODY)
                .text(key.jobId())
                .number(key.since())
                .first(Cells::text)
                .map(body -> row.job(definitions.parse(key, body)));
    }

    /**
     * The rows of those of the jobs that exist, each locked until the transaction ends; always in the order of their ids,
     * so that no two transactions wait for each other's jobs.
     */
    static List<Read> locked(Session session, Collection<String> ids) throws SQLException {
        List<Read> rows = new ArrayList<>();
        for (List<String> part : Words.parts(new TreeSet<>(ids))) {
            rows.addAll(session.sql(LOCKED + Words.oneOf(part.size()) + WAITING_FOR_THEM)
                    .texts(part)
                    .list(JobRows::read));
        }
        return rows;
    }

    /** Those of the jobs that exist, as the transaction sees them. */
    static List<Job> unlocked(Session session, Definitions definitions, Collection<String> ids) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        for (List<String> part : Words.parts(new TreeSet<>(ids))) {
            jobs.addAll(session.sql(WITH_BODIES + Words.oneOf(part.size()))
                    .texts(part)
                    .list(cells -> readWithBody(cells, definitions)));
        }
        return jobs;
    }

    /** The same for those that a node with the abilities can run, and that no other transaction has locked. */
    static List<Read> lockedUnlessHeld(Session session, Collection<String> ids, Abilities abilities)
            throws SQLException {
        List<Read> rows = new ArrayList<>();
        Set<String> names = abilities.names();
        if (names.isEmpty()) {
            return rows;
        }
        for (List<String> part : Words.parts(new TreeSet<>(ids))) {
            rows.addAll(session.sql(LOCKED + Words.oneOf(part.size()) + " AND j.ability " + Words.oneOf(names.size())
                            + PASSING_OVER_OTHERS)
                    .texts(part)
                    .texts(names)
                    .list(JobRows::read));
        }
        return rows;
    }

    /** Reads the definitions of the rows that are not known yet. */
    static void learn(Session session, Definitions definitions, Collection<Read> rows) throws SQLException {
        List<String> unknown = new ArrayList<>();
        for (Read row : rows) {
            if (definitions.known(row.key()) == null) {
                unknown.add(row.key().jobId());
            }
        }
        for (List<String> part : Words.parts(unknown)) {
            session.sql(BODIES + Words.oneOf(part.size())).texts(part).list(cells -> {
                Definitions.Key key = new Definitions.Key(cells.text(), cells.number());
                return definitions.parse(key, cells.text());
            });
        }
    }

    /** Those of the ids that jobs have. */
    static List<String> present(Session session, Collection<String> ids) throws SQLException {
        List<String> present = new ArrayList<>();
        for (List<String> part : Words.parts(new LinkedHashSet<>(ids))) {
            present.addAll(
                    session.sql(PRESENT + Words.oneOf(part.size())).texts(part).list(Cells::text));
        }
        return present;
    }

    /** The ids are those of jobs again. */
    static void revoke(WriteTransaction transaction, Collection<String> ids) throws SQLException {
        for (List<String> part : Words.parts(ids)) {
            transaction.sql(REVOKE + Words.oneOf(part.size())).texts(part).update();
        }
    }

    /** A job's row without its definition. */
    record Read(Definitions.Key key, long version, EngineState engine) {
        Job job(JobDefinition definition) {
            return kept(definition).forHost();
        }

        /** As it is in the row. */
        Job kept(JobDefinition definition) {
            return new Job(key.jobId(), definition, version, engine);
        }
    }

    static Read read(Cells cells) throws SQLException {
        String id = cells.text();
        long version = cells.number();
        long since = cells.number();
        return new Read(new Definitions.Key(id, since), version, engine(cells));
    }

    /** Reads a row of {@link #WITH_BODY}. */
    static Job readWithBody(Cells cells, Definitions definitions) throws SQLException {
        Read row = read(cells);
        JobDefinition known = definitions.known(row.key());
        return row.job(known != null ? known : definitions.parse(row.key(), cells.text()));
    }

    private static EngineState engine(Cells cells) throws SQLException {
        JobState state = JobState.valueOf(cells.text().toUpperCase(Locale.ROOT));
        Optional<Instant> dueAt = cells.timeIfAny();
        return EngineState.fresh().toBuilder()
                .state(state)
                .next(cells.timeIfAny(), dueAt)
                .lastScheduledAt(cells.timeIfAny())
                .completedCount(cells.count())
                .runCount(cells.number())
                .failureStreak(cells.count())
                .lastRun(lastRun(cells))
                .skipping(skipping(cells))
                .build();
    }

    private static EngineState.LastRun lastRun(Cells cells) throws SQLException {
        return EngineState.LastRun.NONE.toBuilder()
                .at(cells.timeIfAny())
                .status(cells.textIfAny())
                .error(cells.textIfAny())
                .deliveryStatus(cells.textIfAny())
                .deliveryError(cells.textIfAny())
                .took(cells.numberIfAny().map(Duration::ofMillis))
                .build();
    }

    private static Optional<EngineState.SkipSpan> skipping(Cells cells) throws SQLException {
        Optional<String> execution = cells.textIfAny();
        Optional<String> reason = cells.textIfAny();
        Instant from = cells.time();
        Instant to = cells.time();
        long count = cells.number();
        return execution.map(id -> new EngineState.SkipSpan(id, reason.orElse(""), new Missed(from, to, count)));
    }

    private static Sql bind(Sql sql, EngineState engine) throws SQLException {
        return bindRest(sql.text(engine.state().word()).time(engine.nextRunAt()), engine);
    }

    private static Sql bindRest(Sql sql, EngineState engine) throws SQLException {
        EngineState.LastRun last = engine.lastRun();
        sql.time(engine.lastScheduledAt())
                .number(engine.completedCount())
                .number(engine.runCount())
                .number(engine.failureStreak())
                .time(last.at())
                .text(last.status())
                .text(last.error())
                .text(last.deliveryStatus())
                .text(last.deliveryError())
                .number(last.took().map(Duration::toMillis));
        Optional<EngineState.SkipSpan> skip = engine.skipping();
        Optional<Missed> missed = skip.map(EngineState.SkipSpan::missed);
        return sql.text(skip.map(EngineState.SkipSpan::executionId))
                .text(skip.map(EngineState.SkipSpan::reason))
                .time(missed.map(Missed::from))
                .time(missed.map(Missed::to))
                .number(missed.map(Missed::count));
    }

    static void insert(WriteTransaction transaction, Job job) throws SQLException {
        long revision = transaction.counters().revision();
        define(transaction, job.id(), revision, job.definition());
        transaction.batch(
                job.id(),
                bind(
                        transaction
                                .sql(INSERT)
                                .text(job.id())
                                .number(job.version())
                                .number(revision)
                                .text(Abilities.neededBy(job.definition()))
                                .number(transaction.counters().move())
                                .time(job.engine().dueAt()),
                        job.engine()));
    }

    static void update(WriteTransaction transaction, Job before, EngineState engine) throws SQLException {
        boolean sameDue = before.definition().fault().isEmpty() // otherwise the row's own was not shown
                && before.engine().dueAt().equals(engine.dueAt());
        Sql sql = bind(transaction.sql(sameDue ? UPDATE_REST : UPDATE_DUE), engine)
                .number(transaction.counters().move());
        if (!sameDue) {
            sql.time(engine.dueAt());
        }
        transaction.batch(before.id(), sql.text(before.id()));
    }

    /** Leaves where the job stands (state, next instant, due) as it is: its definition cannot be read here. */
    static void updateInPlace(WriteTransaction transaction, Job before, EngineState engine) throws SQLException {
        transaction.batch(
                before.id(),
                bindRest(transaction.sql(UPDATE_IN_PLACE), engine)
                        .number(transaction.counters().move())
                        .text(before.id()));
    }

    static void touch(WriteTransaction transaction, String id) throws SQLException {
        transaction.batch(
                id, transaction.sql(TOUCH).number(transaction.counters().move()).text(id));
    }

    static void redefine(WriteTransaction transaction, Job before, JobDefinition definition) throws SQLException {
        long revision = transaction.counters().revision();
        retire(transaction, before.id(), revision);
        define(transaction, before.id(), revision, definition);
        transaction.batch(
                before.id(),
                transaction
                        .sql(REDEFINE)
                        .number(before.version() + 1)
                        .number(revision)
                        .text(Abilities.neededBy(definition))
                        .number(transaction.counters().move())
                        .text(before.id()));
    }

    static void delete(WriteTransaction transaction, String id) throws SQLException {
        long revision = transaction.counters().revision();
        transaction.flush();
        retire(transaction, id, revision);
        transaction.sql(DROP_SAME).text(id).number(revision).update();
        transaction.sql(DELETE).text(id).update();
        transaction.sql(REMEMBER).text(id).number(transaction.counters().move()).update();
        transaction.wrote();
    }

    private static void define(WriteTransaction transaction, String id, long revision, JobDefinition definition)
            throws SQLException {
        transaction.defined(new Definitions.Key(id, revision));
        transaction.batch(
                id, transaction.sql(DEFINE).text(id).number(revision).text(JsonTree.write(definition.toMap())));
    }

    private static void retire(WriteTransaction transaction, String id, long revision) throws SQLException {
        transaction.sql(RETIRE).number(revision).text(id).number(revision).update();
    }
}
