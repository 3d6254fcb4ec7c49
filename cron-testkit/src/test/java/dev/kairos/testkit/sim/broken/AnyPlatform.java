package dev.kairos.testkit.sim.broken;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Outbox;
import java.util.List;
import java.util.Set;

/** A node is given envelopes whether or not it can deliver them. */
final class AnyPlatform extends PassingStore {
    private static final Set<String> ALL = Set.of("plain", "keyed");

    AnyPlatform(JobStore sound) {
        super(sound);
    }

    @Override
    public Outbox outbox() {
        return new PassingOutbox(sound) {
            @Override
            public List<Envelope> claimDue(EnvelopeClaimRequest request) {
                return sound.claimDue(new EnvelopeClaimRequest(request.node(), request.now(), request.limit(), ALL));
            }
        };
    }
}
