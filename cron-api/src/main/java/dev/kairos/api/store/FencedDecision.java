package dev.kairos.api.store;

import dev.kairos.api.ledger.Execution;
import java.util.Objects;

/**
 * A write by the owner of a row: applied only while the row is open and carries the same fence.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param row the row as its owner knows it; its id and fence count
 * @param decider what to write
 */
public record FencedDecision(Execution row, RowDecider decider) {
    public FencedDecision {
        Objects.requireNonNull(row);
        Objects.requireNonNull(decider);
    }
}
