package dev.kairos.store.jdbc;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The executions in a SQL database. */
final class JdbcLedger implements Ledger {
    private final Database database;
    private final Pruning pruning;

    JdbcLedger(Database database) {
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
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        String text =
                "SELECT " + ExecutionRows.COLUMNS + " FROM executions e" + where + ExecutionRows.ORDER + " LIMIT ?";
        return database.read(session -> {
            Sql sql = session.sql(text);
            if (query.jobId().isPresent()) {
                sql.text(query.jobId().get());
            }
            if (query.node().isPresent()) {
                sql.text(query.node().get());
            }
            return sql.number(query.limit()).list(ExecutionRows::read);
        });
    }

    @Override
    public int prune(Instant keepFrom, int mostPerJob) {
        return pruning.prune(keepFrom, mostPerJob);
    }
}
