package dev.kairos.testkit.sim.broken;

import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import java.util.List;

/** The start mark is said to be written, and is not. */
final class NoMark extends PassingStore {
    NoMark(JobStore sound) {
        super(sound);
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Boolean> amend(List<FencedDecision> decisions) {
                return sound.amend(decisions.stream().map(NoMark::unmarked).toList());
            }
        };
    }

    private static FencedDecision unmarked(FencedDecision decision) {
        return new FencedDecision(decision.row(), (view, row) -> {
            Amendment whole = decision.decider().decide(view, row);
            boolean isMark = row.status() == ExecutionStatus.CLAIMED
                    && whole.rows().size() == 1
                    && whole.rows().get(0).status() == ExecutionStatus.RUNNING;
            return isMark ? Amendment.none() : whole;
        });
    }
}
