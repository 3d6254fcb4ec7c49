package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to be created.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param id the id it shall have; empty for a new one
 * @param definition what a person declared
 * @param engine where it stands, when it comes from elsewhere; empty for a job that begins now
 */
public record NewJob(Optional<String> id, JobDefinition definition, Optional<EngineState> engine) {
    public NewJob {
        Objects.requireNonNull(definition);
        Objects.requireNonNull(engine);
        id.ifPresent(given -> {
            if (!Job.isLegalId(given)) {
                throw new IllegalArgumentException("not a legal job id: " + given);
            }
        });
    }

    /** A job that begins now under a new id. */
    public static NewJob of(JobDefinition definition) {
        return new NewJob(Optional.empty(), definition, Optional.empty());
    }
}
