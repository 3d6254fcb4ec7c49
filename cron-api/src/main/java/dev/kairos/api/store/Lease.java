package dev.kairos.api.store;

import dev.kairos.api.env.NodeIdentity;
import java.util.Objects;

/**
 * A member and its beat. A lease carries no clock: each observer judges by its own monotonic time how long the beat
 * stood still.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param node who
 * @param beat grows with each renewal
 */
public record Lease(NodeIdentity node, long beat) {
    public Lease {
        Objects.requireNonNull(node);
    }
}
