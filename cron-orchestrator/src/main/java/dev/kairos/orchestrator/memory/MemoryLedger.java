package dev.kairos.orchestrator.memory;

import dev.kairos.api.delivery.Envelope;
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
import java.util.stream.Stream;

/** The executions in memory. */
final class MemoryLedger implements Ledger {
    private static final int ALWAYS_KEPT = 20;
    private static final int MOST_DROPPED_PER_CALL = 2_000;

    private final Transactions transactions;

    MemoryLedger(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Optional<Execution> find(String executionId) {
        return transactions.run(state -> Optional.ofNullable(state.rows.find(executionId)));
    }

    @Override
    public List<Execution> list(ExecutionQuery query) {
        return transactions.run(state -> candidates(state, query)
                .filter(row -> query.jobId().isEmpty() || query.jobId().get().equals(row.jobId()))
                .filter(row -> query.node().isEmpty() || query.node().equals(row.node()))
                .filter(row -> query.statuses().isEmpty() || query.statuses().contains(row.status()))
                .filter(row -> query.after().isEmpty()
                        || Rows.NEWEST_FIRST.compare(row, query.after().get()) > 0)
                .limit(query.limit())
                .toList());
    }

    private static Stream<Execution> candidates(MemoryState state, ExecutionQuery query) {
        if (query.jobId().isPresent()) {
            return state.rows.ofJob(query.jobId().get()).newestFirst().stream();
        }
        boolean onlyOpen =
                !query.statuses().isEmpty() && query.statuses().stream().allMatch(ExecutionStatus::isOpen);
        return onlyOpen ? state.rows.allOpen().stream() : state.rows.newestFirst();
    }

    @Override
    public int prune(Instant keepFrom, int mostPerJob) {
        return transactions.run(state -> {
            List<Execution> dropped = new ArrayList<>();
            for (Map.Entry<String, JobRows> one : state.rows.perJob().entrySet()) {
                int always = state.job(one.getKey()) == null ? 0 : ALWAYS_KEPT;
                select(state, one.getValue(), always, keepFrom, mostPerJob, dropped);
                if (dropped.size() >= MOST_DROPPED_PER_CALL) {
                    break;
                }
            }
            for (Execution row : dropped) {
                for (Envelope envelope : state.envelopes.ofExecution(row.jobId(), row.id())) {
                    state.envelopes.delete(envelope);
                }
                state.rows.delete(row);
            }
            return dropped.size();
        });
    }

    private static void select(
            MemoryState state, JobRows rows, int always, Instant keepFrom, int mostPerJob, List<Execution> dropped) {
        int place = rows.size();
        for (int i = 0; i < rows.size(); i++) {
            Execution row = rows.get(i);
            if (place <= always || dropped.size() >= MOST_DROPPED_PER_CALL) {
                return;
            }
            boolean old = row.finishedAt().orElse(row.scheduledAt()).isBefore(keepFrom);
            if (row.status().isOpen() || !(old || place > mostPerJob)) {
                place--;
                continue;
            }
            if (!state.envelopes.hasOpen(row.jobId(), row.id())) {
                dropped.add(row);
            }
            place--;
        }
    }

    @Override
    public Map<String, String> facts(String prefix) {
        return transactions.run(state -> new TreeMap<>(state.facts.subMap(prefix, prefix + Character.MAX_VALUE)));
    }

    @Override
    public boolean keepFact(String name, Optional<String> seen, Optional<String> value) {
        return transactions.run(state -> {
            if (!Optional.ofNullable(state.facts.get(name)).equals(seen)) {
                return false;
            }
            value.ifPresentOrElse(text -> state.facts.put(name, text), () -> state.facts.remove(name));
            return true;
        });
    }
}
