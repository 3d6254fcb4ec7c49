package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.EngineState.SkipSpan;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.store.Amendment;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes skipped occurrences: consecutive ones for one reason are one ledger row.
 *
 * <p>Status: internal.
 */
public final class Skips {
    private Skips() {}

    /**
     * Writes the skip into the amendment and its span into the engine state: extends the row of the skip before when
     * that had the same reason.
     */
    public static void write(Amendment.Builder amendment, EngineState.Builder engine, Job job, SkipOf skip) {
        Optional<SkipSpan> before =
                job.engine().skipping().filter(span -> span.reason().equals(skip.reason()));
        Missed missed = before.map(span -> new Missed(
                        span.missed().from(),
                        skip.missed().to(),
                        span.missed().count() + skip.missed().count()))
                .orElse(skip.missed());
        String id = before.map(SkipSpan::executionId).orElse(skip.newId());
        engine.skipping(Optional.of(new SkipSpan(id, skip.reason(), missed)));
        amendment.row(Execution.builder(id, job.id(), missed.from())
                .status(ExecutionStatus.SKIPPED)
                .finishedAt(skip.now())
                .jobVersion(job.version())
                .reason(skip.reason())
                .missed(missed)
                .build());
    }

    /**
     * What is skipped.
     *
     * @param missed the occurrences
     * @param reason why: a word, or words after a colon
     * @param newId the id of the row if a new one is needed
     * @param now the present
     */
    public record SkipOf(Missed missed, String reason, String newId, Instant now) {}
}
