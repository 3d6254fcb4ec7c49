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
 */
public record ClaimRequest(
        String node, Instant now, Instant horizon, int limit, Abilities abilities, Optional<String> jobId) {
    public ClaimRequest {
        Objects.requireNonNull(node);
        Objects.requireNonNull(abilities);
        Objects.requireNonNull(jobId);
        if (limit < 1 || horizon.isBefore(now)) {
            throw new IllegalArgumentException("limit " + limit + ", now " + now + ", horizon " + horizon);
        }
    }
}
