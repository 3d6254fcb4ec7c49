package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one write did to one job.
 *
 * @param writer the process that wrote
 * @param what the store's method
 * @param before the job before it
 * @param after the job after it
 * @param members the ids of the live members after it
 * @param now the true time
 * @param rowChanges the rows this write inserted, changed or deleted
 * @param envelopeChanges the envelopes likewise
 */
record Step(
        SimProcess writer,
        String what,
        Sight before,
        Sight after,
        Set<String> members,
        Instant now,
        List<RowChange> rowChanges,
        List<EnvelopeChange> envelopeChanges) {

    /** A step whose changes are found by comparing. */
    static Step of(Writing writing, Sight before, Sight after) {
        return new Step(
                writing.writer(),
                writing.what(),
                before,
                after,
                writing.members(),
                writing.now(),
                rowChanges(before, after),
                envelopeChanges(before, after));
    }

    /** Who wrote what, when, and who was a member then. */
    record Writing(SimProcess writer, String what, Set<String> members, Instant now) {}

    /**
     * One job as it stood.
     *
     * @param job the job, unless it is not there
     * @param rows its executions by id
     * @param envelopes its envelopes by id
     */
    record Sight(Optional<Job> job, Map<String, Execution> rows, Map<String, Envelope> envelopes) {
        static final Sight NOTHING = new Sight(Optional.empty(), Map.of(), Map.of());
    }

    /** One row's change: inserted without a before, deleted without an after. */
    record RowChange(@Nullable Execution before, @Nullable Execution after) {
        /** Whether an attempt ended. */
        boolean isEnd() {
            return after != null
                    && !after.status().isOpen()
                    && after.status() != ExecutionStatus.SKIPPED
                    && (before == null || before.status().isOpen());
        }

        /** A row that this write added. */
        Execution inserted() {
            return Objects.requireNonNull(after);
        }

        /** The row of an attempt that ended. */
        Execution ended() {
            return Objects.requireNonNull(after);
        }
    }

    /** One envelope's change. */
    record EnvelopeChange(
            @Nullable Envelope before, @Nullable Envelope after) {}

    private static List<RowChange> rowChanges(Sight before, Sight after) {
        List<RowChange> changes = new ArrayList<>();
        after.rows().forEach((id, row) -> {
            Execution old = before.rows().get(id);
            if (old == null || !isSame(old, row)) {
                changes.add(new RowChange(old, row));
            }
        });
        before.rows().forEach((id, row) -> {
            if (!after.rows().containsKey(id)) {
                changes.add(new RowChange(row, null));
            }
        });
        return changes;
    }

    /** Whether two readings of a row say the same. */
    private static boolean isSame(Execution old, Execution row) {
        return old == row
                || old.status() == row.status()
                        && old.fence() == row.fence()
                        && old.failures() == row.failures()
                        && old.node().equals(row.node())
                        && old.dueAt().equals(row.dueAt())
                        && old.claimedAt().equals(row.claimedAt())
                        && old.startedAt().equals(row.startedAt())
                        && old.finishedAt().equals(row.finishedAt())
                        && old.reason().equals(row.reason())
                        && old.error().equals(row.error())
                        && old.missed().equals(row.missed());
    }

    private static List<EnvelopeChange> envelopeChanges(Sight before, Sight after) {
        List<EnvelopeChange> changes = new ArrayList<>();
        after.envelopes().forEach((id, envelope) -> {
            Envelope old = before.envelopes().get(id);
            if (!envelope.equals(old)) {
                changes.add(new EnvelopeChange(old, envelope));
            }
        });
        before.envelopes().forEach((id, envelope) -> {
            if (!after.envelopes().containsKey(id)) {
                changes.add(new EnvelopeChange(envelope, null));
            }
        });
        return changes;
    }

    /** The claim that this write took back before it started, if it did. */
    Optional<Execution> released() {
        return rowChanges().stream()
                .filter(change -> change.after() == null
                        && change.before() != null
                        && change.before().status().isOwned())
                .map(RowChange::before)
                .findFirst();
    }

    /** Whether it dropped what is old. */
    boolean isPruning() {
        return what.equals(SimStore.PRUNE);
    }

    boolean isByPerson() {
        return writer.name.equals("person");
    }

    /** Whether the node that owns something is a member and another process than the writer. */
    boolean isOfAnotherLiveNode(Optional<String> node) {
        return node.isPresent() && members.contains(node.get()) && !node.get().startsWith(writer.identity.pid() + "-");
    }

    /** A rule that every write must keep. */
    interface Rule {
        void check(Step step, Consumer<String> violation);
    }
}
