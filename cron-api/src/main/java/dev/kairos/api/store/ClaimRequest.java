package dev.kairos.api.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node wants to claim.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param node the claiming node's id
 * @param now the present; waiting rows due at or before it are offered
 * @param horizon jobs due at or before it are offered; never before {@code now}
 * @param limit how many jobs at most, at least 1
 * @param abilities what the node can run; nothing else is offered
 * @param jobId only this job
 * @param bounds a job is not offered while one more execution of it would break one of these
 */
public record ClaimRequest(
        String node,
        Instant now,
        Instant horizon,
        int limit,
        Abilities abilities,
        Optional<String> jobId,
        TagBounds bounds) {
    public ClaimRequest {
        Objects.requireNonNull(node);
        Objects.requireNonNull(abilities);
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(bounds);
        if (limit < 1 || horizon.isBefore(now)) {
            throw new IllegalArgumentException("limit " + limit + ", now " + now + ", horizon " + horizon);
        }
    }

    /** A request without bounds. */
    public ClaimRequest(
            String node, Instant now, Instant horizon, int limit, Abilities abilities, Optional<String> jobId) {
        this(node, now, horizon, limit, abilities, jobId, TagBounds.NONE);
    }

    /** The same for so many jobs. */
    public ClaimRequest upTo(int most) {
        return new ClaimRequest(node, now, horizon, most, abilities, jobId, bounds);
    }

    /** The same within bounds. */
    public ClaimRequest within(TagBounds value) {
        return new ClaimRequest(node, now, horizon, limit, abilities, jobId, value);
    }
}
