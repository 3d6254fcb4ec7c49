package dev.kairos.store.jdbc;

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
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Claims and other decisions in a SQL database. */
final class JdbcClaims implements Claims {
    private final Transactions database;

    JdbcClaims(Transactions database) {
        this.database = database;
    }

    @Override
    public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
        // An idle tick takes no lock: a look from outside the transaction is enough to know that nothing is due.
        boolean idle = database.read(session -> !new DueScan(session, database.definitions()).isAnyDue(request));
        if (idle) {
            return List.of();
        }
        return database.write(transaction -> {
            NodeRows.holdMembership(transaction.session(), request.node());
            Application application = new Application(transaction);
            List<Application.Proposal> proposals = new ArrayList<>();
            DueOffer offer = new DueOffer(transaction, application, request);
            for (JobView view : offer.views()) {
                if (offer.admits(view)) {
                    Amendment amendment = decider.decide(view);
                    offer.took(view, newlyOwned(view, amendment, request.node()));
                    proposals.add(new Application.Proposal(view, amendment));
                }
            }
            List<Claim> claims = new ArrayList<>();
            List<Boolean> applied = application.apply(proposals);
            for (int i = 0; i < proposals.size(); i++) {
                Application.Proposal proposal = proposals.get(i);
                if (applied.get(i)) {
                    collect(proposal, request.node(), claims);
                } else {
                    JobView view = proposal.view();
                    application.apply(List.of(new Application.Proposal(view, decider.passOver(view))));
                }
            }
            return claims;
        });
    }

    private static void collect(Application.Proposal proposal, String node, List<Claim> claims) {
        JobView view = proposal.view();
        Amendment amendment = proposal.amendment();
        if (view.job().isEmpty() || amendment.removesJob()) {
            return;
        }
        Job job = after(view.job().get(), amendment);
        Set<String> known = new HashSet<>();
        view.openRows().stream().filter(row -> isOwned(row, node)).forEach(row -> known.add(row.id()));
        for (Execution row : amendment.rows()) {
            if (isOwned(row, node) && known.add(row.id())) {
                claims.add(new Claim(job, row));
            }
        }
    }

    private static long newlyOwned(JobView view, Amendment amendment, String node) {
        Set<String> before = new HashSet<>();
        view.openRows().stream().filter(row -> isOwned(row, node)).forEach(row -> before.add(row.id()));
        return amendment.rows().stream()
                .filter(row -> isOwned(row, node) && !before.contains(row.id()))
                .count();
    }

    private static Job after(Job job, Amendment amendment) {
        Job moved = amendment.engine().map(job::withEngine).orElse(job);
        return amendment.definition().map(moved::withDefinition).orElse(moved);
    }

    private static boolean isOwned(Execution row, String node) {
        return row.status().isOwned() && row.node().equals(Optional.of(node));
    }

    @Override
    public List<Boolean> amend(List<FencedDecision> decisions) {
        return database.write(transaction -> {
            Application application = new Application(transaction);
            Boolean[] held = new Boolean[decisions.size()];
            int from = 0;
            if (endOfDifferentJobs(decisions, 0) < decisions.size()) {
                lockAll(transaction.session(), decisions);
            }
            while (from < decisions.size()) {
                int to = endOfDifferentJobs(decisions, from);
                amend(
                        application,
                        decisions.subList(from, to),
                        Arrays.asList(held).subList(from, to));
                from = to;
            }
            return List.of(held);
        });
    }

    /** In one order, before the first of several rounds. */
    private static void lockAll(Session session, List<FencedDecision> decisions) throws SQLException {
        JobRows.locked(
                session,
                decisions.stream().map(decision -> decision.row().jobId()).toList());
    }

    /** Where the first decision stands that is about the same job as one before it. */
    private static int endOfDifferentJobs(List<FencedDecision> decisions, int from) {
        Set<String> jobs = new HashSet<>();
        int to = from;
        while (to < decisions.size() && jobs.add(decisions.get(to).row().jobId())) {
            to++;
        }
        return to;
    }

    /** Decides about different jobs at the cost of few statements. */
    private static void amend(Application application, List<FencedDecision> decisions, List<Boolean> held)
            throws SQLException {
        List<JobView> views = application.views(
                decisions.stream().map(decision -> decision.row().jobId()).toList());
        List<Application.Proposal> proposals = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < decisions.size(); i++) {
            held.set(i, false);
            JobView view = views.get(i);
            Optional<Execution> row = held(view, decisions.get(i).row());
            if (row.isPresent()) {
                proposals.add(new Application.Proposal(
                        view, decisions.get(i).decider().decide(view, row.get())));
                places.add(i);
            }
        }
        List<Boolean> applied = application.apply(proposals);
        for (int i = 0; i < applied.size(); i++) {
            held.set(places.get(i), applied.get(i));
        }
    }

    private static Optional<Execution> held(JobView view, Execution given) {
        return view.openRows().stream()
                .filter(row -> row.id().equals(given.id()) && row.fence() == given.fence())
                .findFirst();
    }

    @Override
    public JobView decide(String jobId, JobDecider decider) {
        return database.write(transaction -> {
            Application application = new Application(transaction);
            transaction.counters().announce();
            JobView view = application.view(jobId);
            application.applyOrRefuse(view, decider.decide(view));
            return application.view(jobId);
        });
    }

    @Override
    public void decideAll(Map<String, JobDecider> deciders) {
        if (deciders.isEmpty()) {
            return;
        }
        database.write(transaction -> {
            Application application = new Application(transaction);
            transaction.counters().announce();
            List<JobView> views = application.views(List.copyOf(deciders.keySet()));
            List<JobDecider> asked = List.copyOf(deciders.values());
            List<Application.Proposal> proposals = new ArrayList<>();
            for (int i = 0; i < views.size(); i++) {
                proposals.add(
                        new Application.Proposal(views.get(i), asked.get(i).decide(views.get(i))));
            }
            if (application.apply(proposals).contains(false)) {
                throw new IllegalStateException("an execution with the same scheduledAt and attempt is there already");
            }
            return true;
        });
    }

    @Override
    public Optional<Instant> nextDueAt(Abilities abilities) {
        return database.read(session -> new DueScan(session, database.definitions()).first(abilities));
    }

    @Override
    public Optional<Instant> nextWaitingAt(Abilities abilities) {
        return database.read(session -> new DueScan(session, database.definitions()).firstRow(abilities));
    }
}
