package dev.kairos.testkit.sim;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nominal instants of a schedule, and which rows account for them. */
final class Occurrences {
    private Occurrences() {}

    /** Those from the first to the last, both included. */
    static List<Instant> between(CompiledSchedule schedule, Instant first, Instant last) {
        List<Instant> passed = new ArrayList<>();
        Optional<Instant> at = Optional.of(first);
        while (at.isPresent() && !at.get().isAfter(last)) {
            passed.add(at.get());
            at = schedule.next(at.get(), at.get());
        }
        return passed;
    }

    /** Counts how many rows account for an occurrence: one that ran or waits for it, or names it among the missed. */
    static final class Cover {
        private final Map<Instant, Integer> own = new HashMap<>();
        private final List<Missed> missed = new ArrayList<>();
        private final List<Missed> before = new ArrayList<>();

        /** Adds what one write did to a row. */
        void add(Step.RowChange change) {
            Execution row = change.after();
            if (row == null || row.trigger() == Trigger.REQUEST || row.attempt() > 1) {
                return;
            }
            if (change.before() == null) {
                add(row);
            } else if (row.status() == ExecutionStatus.SKIPPED) {
                row.missed().ifPresent(missed::add);
                change.before().missed().ifPresent(before::add);
            }
        }

        /** Adds a row as it stands. */
        void add(Execution row) {
            if (row.trigger() == Trigger.REQUEST || row.attempt() > 1) {
                return;
            }
            if (row.status() != ExecutionStatus.SKIPPED) {
                own.merge(row.scheduledAt(), 1, Integer::sum);
            }
            row.missed().ifPresent(missed::add);
        }

        /** How many account for it. */
        long of(Instant occurrence) {
            return own.getOrDefault(occurrence, 0) + in(missed, occurrence) - in(before, occurrence);
        }

        private static long in(List<Missed> spans, Instant occurrence) {
            return spans.stream()
                    .filter(span -> !occurrence.isBefore(span.from()) && !occurrence.isAfter(span.to()))
                    .count();
        }
    }
}
