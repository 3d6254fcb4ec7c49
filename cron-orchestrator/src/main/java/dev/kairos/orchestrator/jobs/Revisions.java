package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes to jobs that arrive as whole definitions, as from a file that a person edited. Every one is decided inside the
 * store's transaction against the definition that is stored then.
 *
 * <p>Status: internal.
 */
public final class Revisions {
    private final JobOperations operations;
    private final JobStore store;

    /** Revisions by the rules of the given operations. */
    public Revisions(JobOperations operations, JobStore store) {
        this.operations = operations;
        this.store = store;
    }

    /**
     * The definition as it would be stored.
     *
     * @throws InvalidInputException if it cannot be accepted
     */
    public JobDefinition accept(JobDefinition definition) {
        return operations.accept(definition);
    }

    /**
     * Replaces a definition by what the function makes of the stored one; as an edit does, it moves the next instant only
     * with the schedule, pauses and resumes.
     *
     * @param how pure; may be called several times, and may throw what the caller of this method shall see
     * @throws JobNotFoundException if the job was removed
     * @throws InvalidInputException if the result cannot be accepted
     */
    public JobChange revise(String jobId, UnaryOperator<JobDefinition> how) {
        return operations.decide(
                jobId, draft -> operations.replace(draft, how.apply(draft.job().definition())));
    }

    /**
     * Sets the job aside: the record is kept as it came and nothing of the job is due. Counters stay.
     *
     * @param only asked with the stored definition; when it answers no, nothing is written
     */
    public JobChange setAside(
            String jobId, Map<String, @Nullable Object> record, String reason, Predicate<JobDefinition> only) {
        JobDefinition aside = SetAside.job(jobId, record, reason).definition();
        return operations.decide(jobId, draft -> {
            JobDefinition old = draft.job().definition();
            if (only.test(old)) {
                JobDefinition.Builder kept = aside.toBuilder();
                old.get(JobField.CREATED_AT).ifPresent(at -> kept.set(JobField.CREATED_AT, at));
                draft.redefine(SetAside.withDue(kept.build(), draft.job()));
                EngineState engine = draft.job().engine();
                draft.engine(engine.toBuilder()
                        .state(JobState.ERROR)
                        .next(Optional.empty(), Optional.empty())
                        .build());
            }
        });
    }

    /**
     * Removes the job if its stored definition still is as expected.
     *
     * @return whether there is no such job afterwards
     */
    public boolean removeIf(String jobId, Predicate<JobDefinition> asExpected) {
        return store.claims()
                .decide(jobId, view -> {
                    Optional<Job> job = view.job();
                    return job.isPresent() && asExpected.test(job.get().definition())
                            ? Requests.removal(view, operations.now(), new ArrayList<>())
                            : Amendment.none();
                })
                .job()
                .isEmpty();
    }
}
