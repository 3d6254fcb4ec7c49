package dev.kairos.builtin;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The store as this process's job operations see it: after each of their writes the trigger is woken. */
final class WakingStore implements JobStore {
    private final JobStore store;
    private final Runnable wake;

    WakingStore(JobStore store, Runnable wake) {
        this.store = store;
        this.wake = wake;
    }

    @Override
    public Jobs jobs() {
        return new WakingJobs(store.jobs(), wake);
    }

    @Override
    public Claims claims() {
        return new WakingClaims(store.claims(), wake);
    }

    @Override
    public Ledger ledger() {
        return store.ledger();
    }

    @Override
    public Outbox outbox() {
        return store.outbox();
    }

    @Override
    public Nodes nodes() {
        return store.nodes();
    }

    @Override
    public Optional<JobStore> within(Connection connection) {
        return store.within(connection);
    }

    @Override
    public Optional<JobStore> snapshot() {
        return store.snapshot();
    }

    @Override
    public List<String> check() {
        return store.check();
    }

    @Override
    public boolean keepsOutputs() {
        return store.keepsOutputs();
    }

    @Override
    public Optional<String> place() {
        return store.place();
    }

    @Override
    public Runnable listen(Runnable hint) {
        return store.listen(hint);
    }

    private record WakingJobs(Jobs jobs, Runnable wake) implements Jobs {
        @Override
        public List<String> create(List<Job> created) {
            List<String> taken = jobs.create(created);
            wake.run();
            return taken;
        }

        @Override
        public Optional<Job> find(String id) {
            return jobs.find(id);
        }

        @Override
        public Set<String> taken(Collection<String> ids) {
            return jobs.taken(ids);
        }

        @Override
        public List<Job> list() {
            return jobs.list();
        }

        @Override
        public void each(Consumer<Job> reader) {
            jobs.each(reader);
        }

        @Override
        public void eachAsKept(Consumer<Job> reader) {
            jobs.eachAsKept(reader);
        }

        @Override
        public Changes changesSince(long cursor) {
            return jobs.changesSince(cursor);
        }

        @Override
        public Optional<Map<String, JobDefinition>> definitionsAt(long revision) {
            return jobs.definitionsAt(revision);
        }
    }

    private record WakingClaims(Claims claims, Runnable wake) implements Claims {
        @Override
        public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
            return claims.claimDue(request, decider);
        }

        @Override
        public List<Boolean> amend(List<FencedDecision> decisions) {
            return claims.amend(decisions);
        }

        @Override
        public void decideAll(Map<String, JobDecider> deciders) {
            claims.decideAll(deciders);
            wake.run();
        }

        @Override
        public JobView decide(String jobId, JobDecider decider) {
            JobView after = claims.decide(jobId, decider);
            wake.run();
            return after;
        }

        @Override
        public Optional<Instant> nextDueAt(Abilities abilities) {
            return claims.nextDueAt(abilities);
        }

        @Override
        public Optional<Instant> nextWaitingAt(Abilities abilities) {
            return claims.nextWaitingAt(abilities);
        }
    }
}
