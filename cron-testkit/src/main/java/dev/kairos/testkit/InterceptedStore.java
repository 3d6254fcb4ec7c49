package dev.kairos.testkit;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Changes;
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
import dev.kairos.api.store.NodeNote;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import dev.kairos.testkit.StoreHook.Write;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A store that asks a hook before and after each write of another one: for counting transactions, for failures, for
 * pauses, and for killing a simulated node around a write. Reads go straight through.
 *
 * <p>Status: experimental since 0.1.
 */
public final class InterceptedStore implements JobStore {
    private final JobStore delegate;
    private final StoreHook hook;
    private final Jobs jobs = new HookedJobs();
    private final Claims claims = new HookedClaims();
    private final Ledger ledger = new HookedLedger();
    private final Outbox outbox = new HookedOutbox();
    private final Nodes nodes = new HookedNodes();

    /** Wraps a store; closing the wrapper closes it. */
    public InterceptedStore(JobStore delegate, StoreHook hook) {
        this.delegate = Objects.requireNonNull(delegate);
        this.hook = Objects.requireNonNull(hook);
    }

    @Override
    public Jobs jobs() {
        return jobs;
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }

    @Override
    public Optional<JobStore> within(Connection connection) {
        return delegate.within(connection);
    }

    @Override
    public Optional<JobStore> snapshot() {
        return delegate.snapshot();
    }

    @Override
    public List<String> check() {
        return delegate.check();
    }

    @Override
    public boolean keepsOutputs() {
        return delegate.keepsOutputs();
    }

    @Override
    public Optional<String> place() {
        return delegate.place();
    }

    @Override
    public Runnable listen(Runnable hint) {
        return delegate.listen(hint);
    }

    @Override
    public void close() {
        delegate.close();
    }

    private <T> T hooked(Write write, Supplier<T> body) {
        hook.before(write);
        T answer = body.get();
        hook.after(write);
        return answer;
    }

    private void hookedRun(Write write, Runnable body) {
        hook.before(write);
        body.run();
        hook.after(write);
    }

    private final class HookedJobs implements Jobs {
        @Override
        public List<String> create(List<Job> created) {
            return hooked(Write.CREATE, () -> delegate.jobs().create(created));
        }

        @Override
        public Optional<Job> find(String id) {
            return delegate.jobs().find(id);
        }

        @Override
        public Set<String> taken(Collection<String> ids) {
            return delegate.jobs().taken(ids);
        }

        @Override
        public List<Job> list() {
            return delegate.jobs().list();
        }

        @Override
        public void each(Consumer<Job> reader) {
            delegate.jobs().each(reader);
        }

        @Override
        public void eachAsKept(Consumer<Job> reader) {
            delegate.jobs().eachAsKept(reader);
        }

        @Override
        public Changes changesSince(long cursor) {
            return delegate.jobs().changesSince(cursor);
        }

        @Override
        public Optional<Map<String, JobDefinition>> definitionsAt(long revision) {
            return delegate.jobs().definitionsAt(revision);
        }
    }

    private final class HookedClaims implements Claims {
        @Override
        public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
            return hooked(Write.CLAIM, () -> delegate.claims().claimDue(request, decider));
        }

        @Override
        public List<Boolean> amend(List<FencedDecision> decisions) {
            return hooked(Write.AMEND, () -> delegate.claims().amend(decisions));
        }

        @Override
        public JobView decide(String jobId, JobDecider decider) {
            return hooked(Write.DECIDE, () -> delegate.claims().decide(jobId, decider));
        }

        @Override
        public void decideAll(Map<String, JobDecider> deciders) {
            hookedRun(Write.DECIDE, () -> delegate.claims().decideAll(deciders));
        }

        @Override
        public Optional<Instant> nextDueAt(Abilities abilities) {
            return delegate.claims().nextDueAt(abilities);
        }

        @Override
        public Optional<Instant> nextWaitingAt(Abilities abilities) {
            return delegate.claims().nextWaitingAt(abilities);
        }
    }

    private final class HookedLedger implements Ledger {
        @Override
        public Optional<Execution> find(String executionId) {
            return delegate.ledger().find(executionId);
        }

        @Override
        public List<Execution> list(ExecutionQuery query) {
            return delegate.ledger().list(query);
        }

        @Override
        public int prune(Instant keepFrom, int mostPerJob) {
            return hooked(Write.PRUNE, () -> delegate.ledger().prune(keepFrom, mostPerJob));
        }

        @Override
        public Optional<String> output(String executionId) {
            return delegate.ledger().output(executionId);
        }

        @Override
        public Optional<byte[]> file(String executionId, String path) {
            return delegate.ledger().file(executionId, path);
        }

        @Override
        public void purgeOutputs(String jobId) {
            delegate.ledger().purgeOutputs(jobId);
        }

        @Override
        public Map<String, String> facts(String prefix) {
            return delegate.ledger().facts(prefix);
        }

        @Override
        public boolean keepFact(String name, Optional<String> seen, Optional<String> value) {
            return hooked(Write.KEEP_FACT, () -> delegate.ledger().keepFact(name, seen, value));
        }
    }

    private final class HookedOutbox implements Outbox {
        @Override
        public List<Envelope> claimDue(EnvelopeClaimRequest request) {
            return hooked(Write.CLAIM_ENVELOPES, () -> delegate.outbox().claimDue(request));
        }

        @Override
        public boolean put(Envelope changed, EnvelopeDecider decider) {
            return hooked(Write.PUT_ENVELOPE, () -> delegate.outbox().put(changed, decider));
        }

        @Override
        public List<Envelope> list(Optional<String> jobId, Set<EnvelopeState> states, int limit) {
            return delegate.outbox().list(jobId, states, limit);
        }

        @Override
        public void each(Consumer<Envelope> reader) {
            delegate.outbox().each(reader);
        }

        @Override
        public Optional<Instant> nextDueAt(Set<String> platforms) {
            return delegate.outbox().nextDueAt(platforms);
        }
    }

    private final class HookedNodes implements Nodes {
        @Override
        public void join(NodeIdentity node) {
            hookedRun(Write.JOIN, () -> delegate.nodes().join(node));
        }

        @Override
        public boolean renew(String node) {
            return hooked(Write.RENEW, () -> delegate.nodes().renew(node));
        }

        @Override
        public List<Lease> leases() {
            return delegate.nodes().leases();
        }

        @Override
        public boolean expel(String node, long seenBeat) {
            return hooked(Write.EXPEL, () -> delegate.nodes().expel(node, seenBeat));
        }

        @Override
        public void leave(String node) {
            hookedRun(Write.LEAVE, () -> delegate.nodes().leave(node));
        }

        @Override
        public void note(String node, String text) {
            delegate.nodes().note(node, text);
        }

        @Override
        public List<NodeNote> notes() {
            return delegate.nodes().notes();
        }

        @Override
        public Optional<Instant> clock() {
            return delegate.nodes().clock();
        }
    }
}
