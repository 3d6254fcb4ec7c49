package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import java.util.List;
import java.util.Objects;

/**
 * A run that was asked for and waits for a node.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param job the job
 * @param execution the {@code requested} row
 * @param notes what a person should be told, each a sentence
 */
public record RequestedRun(Job job, Execution execution, List<String> notes) {
    public RequestedRun {
        Objects.requireNonNull(job);
        Objects.requireNonNull(execution);
        notes = List.copyOf(notes);
    }
}
