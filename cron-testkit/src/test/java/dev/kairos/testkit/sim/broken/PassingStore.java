package dev.kairos.testkit.sim.broken;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.EnvelopeDecider;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Passes everything on; a subclass puts something else in the place of one face. */
abstract class PassingStore implements JobStore {
    final JobStore sound;

    PassingStore(JobStore sound) {
        this.sound = sound;
    }

    @Override
    public Jobs jobs() {
        return sound.jobs();
    }

    @Override
    public Claims claims() {
        return sound.claims();
    }

    @Override
    public Ledger ledger() {
        return sound.ledger();
    }

    @Override
    public Outbox outbox() {
        return sound.outbox();
    }

    @Override
    public Nodes nodes() {
        return sound.nodes();
    }

    /** Claims as they should be. */
    static class PassingClaims implements Claims {
        final Claims sound;

        PassingClaims(JobStore store) {
            sound = store.claims();
        }

        @Override
        public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
            return sound.claimDue(request, decider);
        }

        @Override
        public List<Boolean> amend(List<FencedDecision> decisions) {
            return sound.amend(decisions);
        }

        @Override
        public JobView decide(String jobId, JobDecider decider) {
            return sound.decide(jobId, decider);
        }

        @Override
        public Optional<Instant> nextDueAt(Abilities abilities) {
            return sound.nextDueAt(abilities);
        }

        @Override
        public Optional<Instant> nextWaitingAt(Abilities abilities) {
            return sound.nextWaitingAt(abilities);
        }
    }

    /** The outbox as it should be. */
    static class PassingOutbox implements Outbox {
        final Outbox sound;

        PassingOutbox(JobStore store) {
            sound = store.outbox();
        }

        @Override
        public List<Envelope> claimDue(EnvelopeClaimRequest request) {
            return sound.claimDue(request);
        }

        @Override
        public boolean put(Envelope changed, EnvelopeDecider decider) {
            return sound.put(changed, decider);
        }

        @Override
        public List<Envelope> list(Optional<String> jobId, Set<EnvelopeState> states, int limit) {
            return sound.list(jobId, states, limit);
        }

        @Override
        public Optional<Instant> nextDueAt(Set<String> platforms) {
            return sound.nextDueAt(platforms);
        }
    }

    /** The ledger as it should be. */
    static class PassingLedger implements Ledger {
        final Ledger sound;

        PassingLedger(JobStore store) {
            sound = store.ledger();
        }

        @Override
        public Optional<Execution> find(String id) {
            return sound.find(id);
        }

        @Override
        public List<Execution> list(ExecutionQuery query) {
            return sound.list(query);
        }

        @Override
        public int prune(Instant keepFrom, int mostPerJob) {
            return sound.prune(keepFrom, mostPerJob);
        }

        @Override
        public Map<String, String> facts(String prefix) {
            return sound.facts(prefix);
        }

        @Override
        public boolean keepFact(String name, Optional<String> seen, Optional<String> value) {
            return sound.keepFact(name, seen, value);
        }
    }

    /** The nodes as they should be. */
    static class PassingNodes implements Nodes {
        final Nodes sound;

        PassingNodes(JobStore store) {
            sound = store.nodes();
        }

        @Override
        public Optional<Instant> clock() {
            return sound.clock();
        }

        @Override
        public void join(NodeIdentity node) {
            sound.join(node);
        }

        @Override
        public boolean renew(String node) {
            return sound.renew(node);
        }

        @Override
        public List<Lease> leases() {
            return sound.leases();
        }

        @Override
        public boolean expel(String node, long seenBeat) {
            return sound.expel(node, seenBeat);
        }

        @Override
        public void leave(String node) {
            sound.leave(node);
        }
    }
}
