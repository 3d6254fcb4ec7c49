package dev.kairos.testkit.sim.broken;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import java.util.ArrayList;
import java.util.List;

/** The claim moves the job on; the ledger hears of the run once it was started. */
final class RowAfterStart extends PassingStore {
    private final Environment node;

    RowAfterStart(JobStore sound, Environment node) {
        super(sound);
        this.node = node;
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
                List<Claim> claims = new ArrayList<>();
                List<Claim> others = sound.claimDue(request, view -> {
                    Amendment whole = decider.decide(view);
                    for (Execution row : whole.rows()) {
                        if (row.status().isOwned()) {
                            Job job = view.job().orElseThrow();
                            claims.add(new Claim(
                                    whole.engine().map(job::withEngine).orElse(job), row));
                        }
                    }
                    return Copies.withoutRows(whole, row -> row.status().isOwned());
                });
                for (Claim claim : claims) {
                    Execution row = claim.execution();
                    node.start(
                            "late-row",
                            () -> sound.decide(
                                    row.jobId(),
                                    view -> Amendment.builder().row(row).build()));
                }
                claims.addAll(others);
                return claims;
            }
        };
    }
}
