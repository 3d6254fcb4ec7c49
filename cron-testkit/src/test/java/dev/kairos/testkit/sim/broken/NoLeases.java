package dev.kairos.testkit.sim.broken;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Nodes;
import java.util.List;

/** Nobody is seen to live. */
final class NoLeases extends PassingStore {
    NoLeases(JobStore sound) {
        super(sound);
    }

    @Override
    public Nodes nodes() {
        return new PassingNodes(sound) {
            @Override
            public List<Lease> leases() {
                return List.of();
            }
        };
    }
}
