package dev.kairos.orchestrator;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what a decider last saw and wrote of each job, to tell of it once it is committed. */
final class Decided implements JobDecider {
    private final JobDecider decider;
    private final Map<String, Amendment> byJob = new LinkedHashMap<>();
    private final Map<String, EngineState> before = new HashMap<>();
    private final Set<String> passedOver = new LinkedHashSet<>();

    Decided(JobDecider decider) {
        this.decider = decider;
    }

    @Override
    public Amendment decide(JobView view) {
        passedOver.remove(view.jobId());
        view.job().ifPresent(job -> before.put(job.id(), job.engine()));
        Amendment amendment = decider.decide(view);
        byJob.put(view.jobId(), amendment);
        return amendment;
    }

    @Override
    public Amendment passOver(JobView view) {
        passedOver.add(view.jobId());
        Amendment amendment = decider.passOver(view);
        byJob.put(view.jobId(), amendment);
        return amendment;
    }

    /** The jobs whose occurrence the ledger had already. */
    Set<String> passedOver() {
        return passedOver;
    }

    /** How the job stood before the decision. */
    Optional<EngineState> before(String jobId) {
        return Optional.ofNullable(before.get(jobId));
    }

    /** The rows it wrote beside claims: skips, waiting rows, ended requests. */
    List<Execution> others() {
        return byJob.values().stream()
                .flatMap(amendment -> amendment.rows().stream())
                .filter(row -> !row.status().isOwned())
                .toList();
    }
}
