package dev.kairos.testkit.sim.broken;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Ledger;
import dev.kairos.orchestrator.jobs.Requests;
import java.util.List;
import java.util.Optional;

/** A node that looks for a wish to cancel does not see it. */
final class UnheardWish extends PassingStore {
    UnheardWish(JobStore sound) {
        super(sound);
    }

    @Override
    public Ledger ledger() {
        return new PassingLedger(sound) {
            @Override
            public Optional<Execution> find(String id) {
                return sound.find(id).map(UnheardWish::withoutWish);
            }

            @Override
            public List<Execution> list(ExecutionQuery query) {
                return sound.list(query).stream().map(UnheardWish::withoutWish).toList();
            }
        };
    }

    private static Execution withoutWish(Execution row) {
        return Requests.isCancelWished(row) ? row.toBuilder().reason("").build() : row;
    }
}
