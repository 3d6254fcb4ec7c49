package dev.kairos.orchestrator;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** The rows it wrote beside claims: skips, waiting rows, ended requests. */
    List<Execution> others() {
        return byJob.values().stream()
                .flatMap(amendment -> amendment.rows().stream())
                .filter(row -> !row.status().isOwned())
                .toList();
    }
}
