package dev.kairos.orchestrator.memory;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.TagBounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Claims and other decisions in memory. */
final class MemoryClaims implements Claims {
    private final Transactions transactions;

    MemoryClaims(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
        return transactions.run(state -> {
            state.requireMember(request.node());
            List<Claim> claims = new ArrayList<>();
            TagBounds.Count owned = owned(state, request.bounds());
            for (String jobId : offered(state, request, owned)) {
                Job job = state.job(jobId);
                if (job == null || owned.admits(job.definition())) {
                    int before = claims.size();
                    claim(state, request.node(), jobId, decider, claims);
                    if (job != null) {
                        owned.add(job.definition(), claims.size() - before);
                    }
                }
            }
            return claims;
        });
    }

    private static void claim(MemoryState state, String node, String jobId, JobDecider decider, List<Claim> claims) {
        JobView view = state.view(jobId);
        Amendment amendment = decider.decide(view);
        if (amendment.rows().isEmpty()) {
            Application.apply(state, jobId, amendment);
            return;
        }
        Set<String> ownedBefore = new HashSet<>(2);
        for (Execution row : view.openRows()) {
            if (isOwned(row, node)) {
                ownedBefore.add(row.id());
            }
        }
        if (!Application.apply(state, jobId, amendment)) {
            Application.apply(state, jobId, decider.passOver(view));
            return;
        }
        Job job = state.job(jobId);
        for (Execution row : amendment.rows()) {
            if (job != null && isOwned(row, node) && ownedBefore.add(row.id())) {
                claims.add(new Claim(job, row));
            }
        }
    }

    private static boolean isOwned(Execution row, String node) {
        return row.status().isOwned() && row.node().filter(node::equals).isPresent();
    }

    private static TagBounds.Count owned(MemoryState state, TagBounds bounds) {
        TagBounds.Count owned = bounds.count();
        if (!bounds.isEmpty()) {
            for (Execution row : state.rows.allOpen()) {
                Job job = state.job(row.jobId());
                if (job != null && row.status().isOwned()) {
                    owned.add(job.definition(), 1);
                }
            }
        }
        return owned;
    }

    /** What a tag withholds is not among them; more is looked at where that leaves too few. */
    private static Collection<String> offered(MemoryState state, ClaimRequest request, TagBounds.Count owned) {
        if (request.bounds().isEmpty()) {
            return offered(state, request);
        }
        int limit = request.limit();
        while (true) {
            Set<String> due = offered(state, request.upTo(limit));
            List<String> admitted = due.stream()
                    .filter(id -> {
                        Job job = state.job(id);
                        return job == null || owned.admits(job.definition());
                    })
                    .limit(request.limit())
                    .toList();
            if (admitted.size() == request.limit() || due.size() < limit) {
                return admitted;
            }
            limit *= 4;
        }
    }

    private static Set<String> offered(MemoryState state, ClaimRequest request) {
        if (request.jobId().isPresent()) {
            return isDue(state, request, request.jobId().get())
                    ? Set.of(request.jobId().get())
                    : Set.of();
        }
        List<Due> due = new ArrayList<>();
        state.dueJobs.collect(request.abilities(), request.horizon(), request.limit(), due);
        state.dueRows.collect(request.abilities(), request.now(), request.limit(), due);
        due.sort(null);
        Set<String> ids = new LinkedHashSet<>();
        for (Due one : due) {
            if (ids.size() == request.limit()) {
                break;
            }
            ids.add(one.jobId());
        }
        return ids;
    }

    private static boolean isDue(MemoryState state, ClaimRequest request, String jobId) {
        Job job = state.job(jobId);
        if (job == null
                || job.definition().fault().isPresent()
                || !request.abilities().include(job.definition())) {
            return false;
        }
        Instant waiting = state.rows.ofJob(jobId).waitingDueAt();
        return job.engine().dueAt().filter(at -> !at.isAfter(request.horizon())).isPresent()
                || waiting != null && !waiting.isAfter(request.now());
    }

    @Override
    public List<Boolean> amend(List<FencedDecision> decisions) {
        return transactions.run(state -> {
            List<Boolean> held = new ArrayList<>();
            for (FencedDecision decision : decisions) {
                held.add(amend(state, decision));
            }
            return held;
        });
    }

    private static boolean amend(MemoryState state, FencedDecision decision) {
        Execution row = state.rows.find(decision.row().id());
        if (row == null
                || !row.status().isOpen()
                || row.fence() != decision.row().fence()) {
            return false;
        }
        Amendment amendment = decision.decider().decide(state.view(row.jobId()), row);
        return Application.apply(state, row.jobId(), amendment);
    }

    @Override
    public JobView decide(String jobId, JobDecider decider) {
        return transactions.run(state -> {
            if (!Application.apply(state, jobId, decider.decide(state.view(jobId)))) {
                throw new IllegalStateException(
                        "job " + jobId + " has an execution with the same scheduledAt and attempt already");
            }
            return state.view(jobId);
        });
    }

    @Override
    public Optional<Instant> nextDueAt(Abilities abilities) {
        return transactions.run(state -> Stream.of(state.dueJobs.first(abilities), state.dueRows.first(abilities))
                .flatMap(Optional::stream)
                .min(Instant::compareTo));
    }

    @Override
    public Optional<Instant> nextWaitingAt(Abilities abilities) {
        return transactions.run(state -> state.dueRows.first(abilities));
    }
}
