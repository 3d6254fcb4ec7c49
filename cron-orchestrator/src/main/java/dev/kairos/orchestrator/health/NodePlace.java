package dev.kairos.orchestrator.health;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a node lives, as it says itself.
 *
 * <p>Status: internal.
 *
 * @param host the name of its machine, where known
 * @param home the folder of its home, where known
 */
public record NodePlace(Optional<String> host, Optional<String> home) {
    /** Nothing is known. */
    public static final NodePlace UNKNOWN = new NodePlace(Optional.empty(), Optional.empty());

    public NodePlace {
        Objects.requireNonNull(host);
        Objects.requireNonNull(home);
    }
}
