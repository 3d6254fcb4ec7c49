package dev.kairos.api.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * Which envelopes a node wants to claim.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param node the claiming node's id
 * @param now the present; waiting envelopes due at or before it are given
 * @param limit how many at most, at least 1
 * @param platforms what the node can deliver to; envelopes for any other keep waiting
 */
public record EnvelopeClaimRequest(String node, Instant now, int limit, Set<String> platforms) {
    public EnvelopeClaimRequest {
        Objects.requireNonNull(node);
        Objects.requireNonNull(now);
        platforms = Set.copyOf(platforms);
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
    }
}
