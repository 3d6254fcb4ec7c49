package dev.kairos.testkit.sim.broken;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import java.util.List;
import java.util.Optional;

/** A stale owner writes all the same. */
final class NoFence extends PassingStore {
    NoFence(JobStore sound) {
        super(sound);
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Boolean> amend(List<FencedDecision> decisions) {
                return decisions.stream().map(this::write).toList();
            }

            private boolean write(FencedDecision decision) {
                if (sound.amend(List.of(decision)).get(0)) {
                    return true;
                }
                Optional<Execution> stored = ledger().find(decision.row().id());
                stored.ifPresent(row ->
                        sound.decide(row.jobId(), view -> decision.decider().decide(view, row)));
                return stored.isPresent();
            }
        };
    }
}
