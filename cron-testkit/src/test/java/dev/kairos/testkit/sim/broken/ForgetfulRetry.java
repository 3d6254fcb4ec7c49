package dev.kairos.testkit.sim.broken;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Outbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** A message whose send failed at one target goes to all its targets again. */
final class ForgetfulRetry extends PassingStore {
    private final Set<String> again = new HashSet<>();

    ForgetfulRetry(JobStore sound) {
        super(sound);
    }

    private static Envelope withoutReceipts(Envelope claimed) {
        return new Envelope(
                claimed.executionId(),
                claimed.jobId(),
                claimed.target(),
                claimed.content(),
                claimed.state(),
                claimed.attempts(),
                claimed.nextAttemptAt(),
                claimed.node(),
                claimed.fence(),
                List.of(),
                claimed.error(),
                claimed.unknownSince());
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
                                    claimed.add(withoutReceipts(sibling.claimedBy(request.node())));
                                });
                    }
                }
                return claimed;
            }

            @Override
            public boolean put(Envelope changed, BiFunction<JobView, List<Envelope>, Amendment> jobChange) {
                return again.contains(changed.id()) || sound.put(changed, jobChange);
            }
        };
    }
}
