package dev.kairos.orchestrator.memory;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;

/** Writes an amendment into the state, whole or not at all. */
final class Application {
    private Application() {}

    /**
     * Applies the amendment.
     *
     * @return false if it breaks the key of a scheduled execution; nothing of it was then written
     */
    static boolean apply(MemoryState state, String jobId, Amendment amendment) {
        if (amendment.isNone()) {
            return true;
        }
        int mark = state.mark();
        for (String id : amendment.deletedRows()) {
            deleteRow(state, jobId, id);
        }
        for (Execution row : amendment.rows()) {
            requireSameJob(jobId, row.jobId());
            if (!state.rows.put(row)) {
                state.rollBackTo(mark);
                return false;
            }
        }
        boolean exists = state.job(jobId) != null;
        for (Envelope envelope : amendment.envelopes()) {
            requireSameJob(jobId, envelope.jobId());
            if (state.envelopes.find(envelope.id()) == null) {
                state.envelopes.put(exists || !envelope.state().isOpen() ? envelope : Envelopes.cancelled(envelope));
            }
        }
        amendJob(state, jobId, amendment);
        return true;
    }

    private static void amendJob(MemoryState state, String jobId, Amendment amendment) {
        Job job = state.job(jobId);
        if (job == null) {
            return;
        }
        if (amendment.removesJob()) {
            state.envelopes.cancelOpen(jobId);
            state.remove(jobId);
        } else {
            JobDefinition definition = amendment.definition().orElse(job.definition());
            Job moved = amendment
                    .engine()
                    .map(engine -> definition.fault().isEmpty() ? engine : inPlace(job.engine(), engine))
                    .map(job::withEngine)
                    .orElse(job);
            if (amendment.definition().isPresent()) {
                state.putDefined(moved.withDefinition(amendment.definition().get()));
            } else if (amendment.engine().isPresent()) {
                state.putEngine(moved);
            }
        }
        state.move(jobId);
    }

    /** Where a job stands whose definition nobody here can read is not touched; no run of it goes on. */
    private static EngineState inPlace(EngineState stored, EngineState written) {
        return written.toBuilder()
                .state(stored.state() == JobState.RUNNING ? JobState.SCHEDULED : stored.state())
                .next(stored.nextRunAt(), stored.dueAt())
                .build();
    }

    private static void deleteRow(MemoryState state, String jobId, String id) {
        Execution row = state.rows.find(id);
        if (row != null) {
            requireSameJob(jobId, row.jobId());
            state.rows.delete(row);
        }
    }

    private static void requireSameJob(String jobId, String other) {
        if (!jobId.equals(other)) {
            throw new IllegalArgumentException("an amendment of job " + jobId + " writes about job " + other);
        }
    }
}
