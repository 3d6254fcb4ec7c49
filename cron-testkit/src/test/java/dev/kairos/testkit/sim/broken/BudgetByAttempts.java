package dev.kairos.testkit.sim.broken;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import java.util.List;

/** Every attempt uses the retry budget up, one that never started too; the ledger still counts right. */
final class BudgetByAttempts extends PassingStore {
    BudgetByAttempts(JobStore sound) {
        super(sound);
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Boolean> amend(List<FencedDecision> decisions) {
                return sound.amend(decisions.stream()
                        .map(one -> new FencedDecision(one.row(), (view, row) -> {
                            int uncounted = row.attempt() - 1 - row.failures();
                            Amendment whole = one.decider().decide(view, withFailures(row, uncounted));
                            return Copies.withRows(
                                    whole,
                                    written -> written.failures() < uncounted
                                            ? written
                                            : withFailures(written, -uncounted));
                        }))
                        .toList());
            }
        };
    }

    private static Execution withFailures(Execution row, int more) {
        return row.toBuilder().failures(row.failures() + more).build();
    }
}
