package dev.kairos.api.ledger;

import java.time.Instant;
import java.util.Objects;

/**
 * The occurrences that one row stands for beside its own: skipped together, or collapsed into one run.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param from the first of them
 * @param to the last of them
 * @param count how many, at least 1
 */
public record Missed(Instant from, Instant to, long count) {
    public Missed {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        if (count < 1 || to.isBefore(from)) {
            throw new IllegalArgumentException("from " + from + " to " + to + " count " + count);
        }
    }
}
