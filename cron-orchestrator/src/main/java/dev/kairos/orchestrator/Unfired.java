package dev.kairos.orchestrator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A job that is due and that nobody has claimed yet.
 *
 * <p>Status: internal.
 *
 * @param jobId the job
 * @param dueAt its first due instants that have passed, in order, at most {@link #MOST}
 */
public record Unfired(String jobId, List<Instant> dueAt) {
    /** How many instants of one job are told. */
    public static final int MOST = 3;

    public Unfired {
        Objects.requireNonNull(jobId);
        dueAt = List.copyOf(dueAt);
    }
}
