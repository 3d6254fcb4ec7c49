package dev.kairos.testkit.sim.broken;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is due is read first and written a moment later, without a look at what happened meanwhile. */
final class ClaimWithoutCompare extends PassingStore {
    private static final int LONGEST_MILLIS = 500;

    private final Environment node;

    ClaimWithoutCompare(JobStore sound, Environment node) {
        super(sound);
        this.node = node;
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
                Map<String, JobView> read = new HashMap<>();
                jobs().list().forEach(job -> read.put(job.id(), sound.decide(job.id(), view -> Amendment.none())));
                takeAMoment();
                return sound.claimDue(request, view -> decider.decide(read.getOrDefault(view.jobId(), view)));
            }
        };
    }

    private void takeAMoment() {
        try {
            node.sleep(Duration.ofMillis(1 + node.random().nextInt(LONGEST_MILLIS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
