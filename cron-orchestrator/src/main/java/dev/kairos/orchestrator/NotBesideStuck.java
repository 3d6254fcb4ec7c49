package dev.kairos.orchestrator;

import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;

/**
 * Starts no job beside a thread of it that was given up, asked within the claim itself: an attempt may be given up, and what
 * waited behind it made due, after a pass looked whom to hold back and before it claims.
 */
final class NotBesideStuck implements JobDecider {
    private final JobDecider decider;
    private final Runs runs;

    NotBesideStuck(JobDecider decider, Runs runs) {
        this.decider = decider;
        this.runs = runs;
    }

    @Override
    public Amendment decide(JobView view) {
        return runs.isStuck(view.jobId()) ? Amendment.none() : decider.decide(view);
    }

    @Override
    public Amendment passOver(JobView view) {
        return decider.passOver(view);
    }
}
