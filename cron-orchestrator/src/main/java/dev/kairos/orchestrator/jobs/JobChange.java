package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.Job;
import java.util.List;
import java.util.Objects;

/**
 * What an operation did to a job.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param job the job as it is afterwards; a removed one as it last was
 * @param changed whether anything was written
 * @param notes what a person should be told, each a sentence; often none
 */
public record JobChange(Job job, boolean changed, List<String> notes) {
    public JobChange {
        Objects.requireNonNull(job);
        notes = List.copyOf(notes);
    }
}
