package dev.kairos.api.run;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import java.util.Objects;
import java.util.Optional;

/**
 * A failed attempt as a classifier sees it: what was said is raw, before redaction. The host makes it.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param job the job
 * @param execution the attempt
 * @param backend the backend that the runner used, where it used one
 * @param error the failure message
 * @param output what was captured; may be empty
 * @param said the kind that the runner gave it
 */
public record FailedAttempt(
        Job job, Execution execution, Optional<Backend> backend, String error, String output, FailureKind said) {
    public FailedAttempt {
        Objects.requireNonNull(job);
        Objects.requireNonNull(execution);
        Objects.requireNonNull(backend);
        Objects.requireNonNull(error);
        Objects.requireNonNull(output);
        Objects.requireNonNull(said);
    }

    /** Without what was said, which may hold secrets. */
    @Override
    public String toString() {
        return "FailedAttempt[" + execution.id() + " " + said.word() + "]";
    }
}
