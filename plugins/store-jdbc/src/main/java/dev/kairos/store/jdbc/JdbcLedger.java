package dev.kairos.store.jdbc;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The executions in a SQL database. */
final class JdbcLedger implements Ledger {
    private static final String FACTS = "SELECT name, value FROM facts WHERE name >= ? AND name < ? ORDER BY name";
    private static final String FACT = "SELECT value FROM facts WHERE name = ?";
    private static final String KEEP_FACT =
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    private static final String DROP_FACT = "DELETE FROM facts WHERE name = ?";

    /** SQLite takes the sorting of a whole ledger for cheap where few rows of it are asked for. */
    private static final String BY_AGE = " {sqlite INDEXED BY executions_newest}";

    /** Behind every name with the prefix; names are ASCII. */
    private static final String LAST = "\u007f";

    private final Transactions database;
    private final Pruning pruning;

    JdbcLedger(Transactions database) {
        this.database = database;
        this.pruning = new Pruning(database);
    }

    @Override
    public Optional<Execution> find(String executionId) {
        return database.read(session -> ExecutionRows.find(session, executionId));
    }

    @Override
    public List<Execution> list(ExecutionQuery query) {
        List<String> conditions = new ArrayList<>();
        query.jobId().ifPresent(id -> conditions.add("e.job_id = ?"));
        query.node().ifPresent(node -> conditions.add("e.node = ?"));
        if (!query.statuses().isEmpty()) {
            if (query.statuses().stream().allMatch(ExecutionStatus::isOpen)) {
                conditions.add(ExecutionRows.OPEN); // lets the index of open rows answer
            }
            conditions.add("e.status IN ("
                    + query.statuses().stream()
                            .sorted()
                            .map(status -> "'" + status.word() + "'")
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        query.after().ifPresent(last -> conditions.add("(e.scheduled_at, e.attempt, e.id) < (?, ?, ?)"));
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        String how = query.jobId().isEmpty()
                        && query.node().isEmpty()
                        && query.statuses().isEmpty()
                ? BY_AGE
                : "";
        String text = "SELECT " + ExecutionRows.COLUMNS + " FROM executions e" + how + where + ExecutionRows.ORDER
                + " LIMIT ?";
        return database.read(session -> {
            Sql sql = session.sql(text);
            if (query.jobId().isPresent()) {
                sql.text(query.jobId().get());
            }
            if (query.node().isPresent()) {
                sql.text(query.node().get());
            }
            if (query.after().isPresent()) {
                Execution last = query.after().get();
                sql.time(last.scheduledAt()).number(last.attempt()).text(last.id());
            }
            return sql.number(query.limit()).list(ExecutionRows::read);
        });
    }

    @Override
    public int prune(Instant keepFrom, int mostPerJob) {
        return pruning.prune(keepFrom, mostPerJob);
    }

    @Override
    public Optional<String> output(String executionId) {
        return database.read(session -> OutputRows.find(session, executionId));
    }

    @Override
    public Optional<byte[]> file(String executionId, String path) {
        return database.read(session -> OutputRows.findFile(session, executionId, path));
    }

    @Override
    public void purgeOutputs(String jobId) {
        database.write(transaction -> {
            if (OutputRows.dropOfJob(transaction.session(), jobId) > 0) {
                transaction.wrote();
            }
            return true;
        });
    }

    @Override
    public Map<String, String> facts(String prefix) {
        Map<String, String> facts = new TreeMap<>();
        database.read(session -> session.sql(FACTS)
                .text(prefix)
                .text(prefix + LAST)
                .list(cells -> {
                    facts.put(cells.text(), cells.text());
                    return facts;
                }));
        return facts;
    }

    @Override
    public boolean keepFact(String name, Optional<String> seen, Optional<String> value) {
        return database.write(transaction -> {
            transaction.counters().alone();
            Optional<String> stored = transaction.sql(FACT).text(name).first(Cells::text);
            if (!stored.equals(seen)) {
                return false;
            }
            if (value.isPresent()) {
                transaction.sql(KEEP_FACT).text(name).text(value.get()).update();
            } else {
                transaction.sql(DROP_FACT).text(name).update();
            }
            transaction.wrote();
            return true;
        });
    }
}
