package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.store.Amendment;
import java.time.Instant;

/** Tells what a committed write says about executions and their new envelopes, one event for each. */
final class RowEvents {
    private final Events events;

    RowEvents(Events events) {
        this.events = events;
    }

    /** Tells of everything in a write that was committed. */
    void written(Amendment amendment) {
        amendment.rows().forEach(this::written);
        amendment.envelopes().forEach(this::pending);
    }

    /** Tells of one row that was committed. */
    void written(Execution row) {
        if (row.status().isOwned()) {
            claimed(row);
        } else if (row.status().isWaiting()) {
            waiting(row);
        } else if (row.status() == ExecutionStatus.SKIPPED) {
            skipped(row);
        } else {
            ended(row);
        }
    }

    private void claimed(Execution row) {
        events.publish(
                "cron.run-claimed",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "scheduled_at",
                row.scheduledAt().toString(),
                "attempt",
                Integer.toString(row.attempt()),
                "trigger",
                row.trigger().word(),
                "source",
                row.source().orElse(""),
                "reason",
                row.reason().orElse(""));
    }

    /** Its work begins. */
    void started(Execution row) {
        events.publish(
                "cron.run-started",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "scheduled_at",
                row.scheduledAt().toString(),
                "attempt",
                Integer.toString(row.attempt()));
    }

    private void waiting(Execution row) {
        events.publish(
                "cron.run-waiting",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "scheduled_at",
                row.scheduledAt().toString(),
                "attempt",
                Integer.toString(row.attempt()),
                "status",
                row.status().word(),
                "due_at",
                row.dueAt().map(Instant::toString).orElse(""),
                "reason",
                row.reason().orElse(""));
    }

    private void skipped(Execution row) {
        Missed missed = row.missed().orElse(new Missed(row.scheduledAt(), row.scheduledAt(), 1));
        events.publish(
                "cron.run-skipped",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "from",
                missed.from().toString(),
                "to",
                missed.to().toString(),
                "count",
                Long.toString(missed.count()),
                "reason",
                row.reason().orElse(""));
    }

    private void ended(Execution row) {
        events.publish(
                "cron.run-ended",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "scheduled_at",
                row.scheduledAt().toString(),
                "attempt",
                Integer.toString(row.attempt()),
                "status",
                row.status().word(),
                "kind",
                row.failureKind().orElse(""),
                "reason",
                row.reason().orElse(""));
    }

    private void pending(Envelope envelope) {
        events.publish(
                "cron.delivery",
                "job",
                envelope.jobId(),
                "execution",
                envelope.executionId(),
                "target",
                envelope.target(),
                "state",
                envelope.state().word(),
                "attempts",
                Integer.toString(envelope.attempts()));
    }
}
