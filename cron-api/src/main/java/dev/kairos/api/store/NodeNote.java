package dev.kairos.api.store;

import java.time.Duration;
import java.util.Objects;

/**
 * What a member says of itself.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param node its id
 * @param text what it says; only hosts read it
 * @param age how long ago it said so, by one clock for everybody; never negative
 */
public record NodeNote(String node, String text, Duration age) {
    public NodeNote {
        Objects.requireNonNull(node);
        Objects.requireNonNull(text);
        if (age.isNegative()) {
            throw new IllegalArgumentException("a note of the future: " + age);
        }
    }
}
