package dev.kairos.builtin;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of words for one target.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param target the resolved target
 * @param receipts what the platform calls each part that it took, in order; empty texts where it names none
 * @param error why the rest did not arrive; empty if all did
 */
public record Sent(String target, List<String> receipts, Optional<String> error) {
    public Sent {
        Objects.requireNonNull(target);
        receipts = List.copyOf(receipts);
        Objects.requireNonNull(error);
    }
}
