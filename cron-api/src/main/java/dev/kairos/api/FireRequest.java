package dev.kairos.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An outside trigger's word that a job is due. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class FireRequest {
    private final String jobId;
    private final Optional<Instant> instant;

    private FireRequest(String jobId, Optional<Instant> instant) {
        this.jobId = Objects.requireNonNull(jobId);
        this.instant = instant;
    }

    /**
     * Whatever of the job is due now or within 30 s.
     *
     * @param jobId which job, or {@code _wake}
     */
    public static FireRequest of(String jobId) {
        return new FireRequest(jobId, Optional.empty());
    }

    /** The same for a trigger that was armed for an instant: only an occurrence due at or before it is claimed. */
    public FireRequest at(Instant armedFor) {
        return new FireRequest(jobId, Optional.of(armedFor));
    }

    /** Which job, or {@code _wake}. */
    public String jobId() {
        return jobId;
    }

    /** The instant the trigger was armed for. */
    public Optional<Instant> instant() {
        return instant;
    }

    @Override
    public String toString() {
        return "FireRequest[" + jobId + instant.map(at -> " at " + at).orElse("") + "]";
    }
}
