package dev.kairos.testkit.sim.broken;

import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import java.util.List;
import java.util.function.UnaryOperator;

/** A node is offered more than it asked for. */
final class AnyWork extends PassingStore {
    private final UnaryOperator<ClaimRequest> wider;

    AnyWork(JobStore sound, UnaryOperator<ClaimRequest> wider) {
        super(sound);
        this.wider = wider;
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
                return sound.claimDue(wider.apply(request), decider);
            }
        };
    }
}
