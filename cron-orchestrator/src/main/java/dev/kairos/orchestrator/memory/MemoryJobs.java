package dev.kairos.orchestrator.memory;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs in memory. */
final class MemoryJobs implements Jobs {
    private final String storeId;
    private final Transactions transactions;

    MemoryJobs(String storeId, Transactions transactions) {
        this.storeId = storeId;
        this.transactions = transactions;
    }

    @Override
    public List<String> create(List<Job> jobs) {
        return transactions.run(state -> {
            List<String> taken = new ArrayList<>();
            for (Job job : jobs) {
                if (state.job(job.id()) != null) {
                    taken.add(job.id());
                } else {
                    state.putDefined(job);
                    state.move(job.id());
                }
            }
            return taken;
        });
    }

    @Override
    public Optional<Job> find(String id) {
        return transactions.run(state -> state.find(id));
    }

    @Override
    public List<Job> list() {
        return transactions.run(MemoryState::jobs);
    }

    @Override
    public Changes changesSince(long cursor) {
        return transactions.run(
                state -> new Changes(storeId, state.revision(), state.cursor(), state.movedAfter(cursor)));
    }

    @Override
    public Optional<Map<String, JobDefinition>> definitionsAt(long revision) {
        return transactions.run(state -> state.definitionsAt(revision));
    }
}
