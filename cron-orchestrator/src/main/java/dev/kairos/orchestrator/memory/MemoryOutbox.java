package dev.kairos.orchestrator.memory;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.EnvelopeDecider;
import dev.kairos.api.store.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The envelopes in memory. */
final class MemoryOutbox implements Outbox {
    private final Transactions transactions;

    MemoryOutbox(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<Envelope> claimDue(EnvelopeClaimRequest request) {
        return transactions.run(state -> {
            state.requireMember(request.node());
            List<Envelope> claimed = state.envelopes.due(request).stream()
                    .map(envelope -> envelope.claimedBy(request.node()))
                    .toList();
            claimed.forEach(state.envelopes::put);
            return claimed;
        });
    }

    @Override
    public boolean put(Envelope changed, EnvelopeDecider decider) {
        return transactions.run(state -> {
            Envelope stored = state.envelopes.find(changed.id());
            if (stored == null || !stored.mayBecome(changed)) {
                return false;
            }
            if (!stored.jobId().equals(changed.jobId())) {
                throw new IllegalArgumentException("envelope " + changed.id() + " belongs to job " + stored.jobId());
            }
            state.envelopes.put(changed);
            String jobId = changed.jobId();
            List<Envelope> siblings = state.envelopes.ofExecution(jobId, changed.executionId());
            if (!Application.apply(state, jobId, decider.decide(state.view(jobId), siblings))) {
                throw new IllegalStateException(
                        "job " + jobId + " has an execution with the same scheduledAt and attempt already");
            }
            return true;
        });
    }

    @Override
    public List<Envelope> list(Optional<String> jobId, Set<EnvelopeState> states, int limit) {
        return transactions.run(state -> state.envelopes.all().stream()
                .filter(envelope -> jobId.isEmpty() || jobId.get().equals(envelope.jobId()))
                .filter(envelope -> states.isEmpty() || states.contains(envelope.state()))
                .limit(limit)
                .toList());
    }

    @Override
    public Optional<Instant> nextDueAt(Set<String> platforms) {
        return transactions.run(state -> state.envelopes.nextDueAt(platforms));
    }
}
