package dev.kairos.orchestrator;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps what a decider last wrote about each job, to tell of it once it is committed. */
final class Decided implements JobDecider {
    private final JobDecider decider;
    private final Map<String, Amendment> byJob = new LinkedHashMap<>();

    Decided(JobDecider decider) {
        this.decider = decider;
    }

    @Override
    public Amendment decide(JobView view) {
        Amendment amendment = decider.decide(view);
        byJob.put(view.jobId(), amendment);
        return amendment;
    }

    /** The rows that were written; of those with an owner, only the ones the store answered with. */
    List<Execution> rows(List<Claim> claims) {
        Set<String> claimed =
                claims.stream().map(claim -> claim.execution().id()).collect(Collectors.toSet());
        return byJob.values().stream()
                .flatMap(amendment -> amendment.rows().stream())
                .filter(row -> !row.status().isOwned() || claimed.contains(row.id()))
                .toList();
    }
}
