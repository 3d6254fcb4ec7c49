package dev.kairos.testkit.sim.broken;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.EnvelopeDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Outbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A message whose send failed at one target goes to all its targets again. */
final class ForgetfulRetry extends PassingStore {
    private final Set<String> again = new HashSet<>();

    ForgetfulRetry(JobStore sound) {
        super(sound);
    }

    @Override
    public Outbox outbox() {
        return new PassingOutbox(sound) {
            @Override
            public List<Envelope> claimDue(EnvelopeClaimRequest request) {
                List<Envelope> claimed = new ArrayList<>(sound.claimDue(request));
                for (Envelope retried : List.copyOf(claimed)) {
                    if (retried.attempts() > 0) {
                        sound
                                .list(Optional.of(retried.jobId()), Set.of(EnvelopeState.DELIVERED), Integer.MAX_VALUE)
                                .stream()
                                .filter(sibling -> sibling.executionId().equals(retried.executionId()))
                                .forEach(sibling -> {
                                    again.add(sibling.id());
                                    claimed.add(sibling.claimedBy(request.node()).toBuilder()
                                            .receipts(List.of())
                                            .build());
                                });
                    }
                }
                return claimed;
            }

            @Override
            public boolean put(Envelope changed, EnvelopeDecider decider) {
                return again.contains(changed.id()) || sound.put(changed, decider);
            }
        };
    }
}
