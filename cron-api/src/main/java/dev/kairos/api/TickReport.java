package dev.kairos.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one pass did.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param at when it began
 * @param fired ids of the executions claimed and handed to the run pool
 * @param skipped how many rows of skipped occurrences it wrote
 * @param recovered how many rows of dead nodes it closed or put back
 * @param deliveries how many envelopes it handed to the delivery pool
 * @param moreDue whether something due was left for want of free slots
 * @param nextWakeAt when the next pass has something to do, as far as the store knows now
 */
public record TickReport(
        Instant at,
        List<String> fired,
        int skipped,
        int recovered,
        int deliveries,
        boolean moreDue,
        Optional<Instant> nextWakeAt) {
    public TickReport {
        Objects.requireNonNull(at);
        Objects.requireNonNull(nextWakeAt);
        fired = List.copyOf(fired);
    }
}
