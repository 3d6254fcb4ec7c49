package dev.kairos.testkit.sim.broken;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import java.util.ArrayList;
import java.util.List;

/** The outcome is written alone; what it has to say is kept only where a first send failed. */
final class EnvelopeAfterFailure extends PassingStore {
    private final Environment node;

    EnvelopeAfterFailure(JobStore sound, Environment node) {
        super(sound);
        this.node = node;
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Boolean> amend(List<FencedDecision> decisions) {
                List<Envelope> unsent = new ArrayList<>();
                List<Boolean> held = sound.amend(decisions.stream()
                        .map(one -> new FencedDecision(one.row(), (view, row) -> {
                            Amendment whole = one.decider().decide(view, row);
                            unsent.addAll(whole.envelopes());
                            return Copies.withoutEnvelopes(whole);
                        }))
                        .toList());
                for (Envelope envelope : unsent) {
                    if (node.random().nextInt(3) == 0) {
                        sound.decide(
                                envelope.jobId(),
                                view -> Amendment.builder().envelope(envelope).build());
                    }
                }
                return held;
            }
        };
    }
}
