package dev.kairos.testkit.sim.broken;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Ledger;
import java.time.Duration;
import java.time.Instant;

/** Rows are dropped before they are old. */
final class HungryPruning extends PassingStore {
    private static final Duration HUNGER = Duration.ofHours(1);

    HungryPruning(JobStore sound) {
        super(sound);
    }

    @Override
    public Ledger ledger() {
        return new PassingLedger(sound) {
            @Override
            public int prune(Instant keepFrom, int mostPerJob) {
                return sound.prune(keepFrom.plus(HUNGER), mostPerJob);
            }
        };
    }
}
