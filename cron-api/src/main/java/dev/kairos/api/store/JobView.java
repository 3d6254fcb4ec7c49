package dev.kairos.api.store;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the host sees of one job inside a store's transaction: nobody else can change it until the transaction ends.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param jobId the job's id
 * @param job the job, or empty once it was removed
 * @param openRows its open executions, oldest due first, held ones last; then by scheduledAt, attempt and id
 */
public record JobView(String jobId, Optional<Job> job, List<Execution> openRows) {
    public JobView {
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(job);
        openRows = List.copyOf(openRows);
    }
}
