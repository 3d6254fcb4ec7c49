package dev.kairos.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An outside trigger's word that a job is due.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param jobId which job, or {@code _wake}
 * @param instant the instant the trigger was armed for; only an occurrence due at or before it is claimed
 */
public record FireRequest(String jobId, Optional<Instant> instant) {
    public FireRequest {
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(instant);
    }

    /** Whatever of the job is due now. */
    public static FireRequest of(String jobId) {
        return new FireRequest(jobId, Optional.empty());
    }
}
