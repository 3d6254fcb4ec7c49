package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.ledger.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What may be dropped from the ledger: only what ended long ago, or lies behind many newer rows. */
final class PruneRules implements Step.Rule {
    /** Short, so that minutes suffice to drop something. */
    static final Duration LEDGER_AGE = Duration.ofMinutes(4);

    static final int LEDGER_ROWS = 60;

    private static final int ALWAYS_KEPT = 20;
    private static final Comparator<Execution> NEWEST_FIRST = Comparator.comparing(Execution::scheduledAt)
            .thenComparing(Execution::attempt)
            .thenComparing(Execution::id)
            .reversed();

    @Override
    public void check(Step step, Consumer<String> violation) {
        if (!step.isPruning()) {
            return;
        }
        List<Execution> newestFirst =
                step.before().rows().values().stream().sorted(NEWEST_FIRST).toList();
        Set<String> awaited = step.before().envelopes().values().stream()
                .filter(envelope -> envelope.state().isOpen())
                .map(Envelope::executionId)
                .collect(Collectors.toSet());
        for (Step.RowChange change : step.rowChanges()) {
            Execution row = change.before();
            if (change.after() != null) {
                violation.accept("pruning wrote a row: " + change.after());
            } else if (row != null) {
                checkDropped(step, row, newestFirst.indexOf(row), violation);
                if (awaited.contains(row.id())) {
                    violation.accept("a row was pruned whose message is not delivered yet: " + row);
                }
            }
        }
        for (Step.EnvelopeChange change : step.envelopeChanges()) {
            @Nullable Envelope envelope = change.before();
            if (change.after() != null
                    || envelope != null && step.after().rows().containsKey(envelope.executionId())) {
                violation.accept("pruning took an envelope and left its row: " + envelope);
            }
        }
    }

    private static void checkDropped(Step step, Execution row, int place, Consumer<String> violation) {
        if (row.status().isOpen()) {
            violation.accept("an open row was pruned: " + row);
        }
        if (step.after().job().isPresent() && place < ALWAYS_KEPT) {
            violation.accept("one of the newest rows of its job was pruned: " + row);
        }
        Instant latest = step.now().plusMillis(step.writer().mostAhead()).minus(LEDGER_AGE);
        boolean isOld = row.finishedAt().orElse(row.scheduledAt()).isBefore(latest);
        if (!isOld && place < LEDGER_ROWS) {
            violation.accept("a row was pruned before its time: " + row);
        }
    }
}
