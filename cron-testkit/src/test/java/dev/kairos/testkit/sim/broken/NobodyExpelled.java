package dev.kairos.testkit.sim.broken;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Nodes;

/** A lease that is over is never taken away. */
final class NobodyExpelled extends PassingStore {
    NobodyExpelled(JobStore sound) {
        super(sound);
    }

    @Override
    public Nodes nodes() {
        return new PassingNodes(sound) {
            @Override
            public boolean expel(String node, long seenBeat) {
                return false;
            }
        };
    }
}
