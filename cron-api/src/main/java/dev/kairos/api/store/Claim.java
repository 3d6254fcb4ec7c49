package dev.kairos.api.store;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import java.util.Objects;

/**
 * The right to execute: the job and the row as the claim's own transaction left them.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param job the job
 * @param execution the row, whose fence every later write names
 */
public record Claim(Job job, Execution execution) {
    public Claim {
        Objects.requireNonNull(job);
        Objects.requireNonNull(execution);
    }
}
