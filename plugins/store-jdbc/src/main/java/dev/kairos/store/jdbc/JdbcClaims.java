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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Claims and other decisions in a SQL database. */
final class JdbcClaims implements Claims {
    private final Database database;

    JdbcClaims(Database database) {
        this.database = database;
    }

    @Override
    public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
        // An idle tick takes no lock: a look from outside the transaction is enough to know that nothing is due.
        boolean idle = database.read(session -> {
            NodeRows.requireMember(session, request.node());
            return !DueScan.isAnyDue(session, request);
        });
        if (idle) {
            return List.of();
        }
        return database.write(transaction -> {
            NodeRows.requireMember(transaction.session(), request.node());
            Application application = new Application(transaction);
            List<Claim> claims = new ArrayList<>();
            for (DueScan.Due due : DueScan.offered(transaction.session(), request)) {
                JobView view =
                        due.row().isPresent() ? application.view(due.row().get()) : application.view(due.jobId());
                claim(application, request.node(), view, decider, claims);
            }
            return claims;
        });
    }

    private static void claim(
            Application application, String node, JobView view, JobDecider decider, List<Claim> claims)
            throws SQLException {
        Amendment amendment = decider.decide(view);
        if (!application.apply(view, amendment)) {
            application.apply(view, decider.passOver(view));
            return;
        }
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
            List<Boolean> held = new ArrayList<>();
            for (FencedDecision decision : decisions) {
                held.add(amend(application, decision));
            }
            return held;
        });
    }

    private static boolean amend(Application application, FencedDecision decision) throws SQLException {
        Execution given = decision.row();
        JobView view = application.view(given.jobId());
        for (Execution row : view.openRows()) {
            if (row.id().equals(given.id())) {
                return row.fence() == given.fence()
                        && application.apply(view, decision.decider().decide(view, row));
            }
        }
        return false;
    }

    @Override
    public JobView decide(String jobId, JobDecider decider) {
        return database.write(transaction -> {
            Application application = new Application(transaction);
            JobView view = application.view(jobId);
            application.applyOrRefuse(view, decider.decide(view));
            return application.view(jobId);
        });
    }

    @Override
    public Optional<Instant> nextDueAt(Abilities abilities) {
        return database.read(session -> DueScan.first(session, abilities));
    }
}
