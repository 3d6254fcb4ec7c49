package dev.kairos.api.run;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import java.util.List;

/**
 * Executes one kind of work. A plug-in implements it; it grows only by methods with a default body.
 *
 * <p>{@link #run} is called on a thread of the host's run pool, may block, and may overlap with other runs. When the
 * thread is interrupted the runner ends everything it started and returns or throws within its own bound; the host then
 * decides whether that was a time-out, a cancellation or a stop. Status: experimental since 0.1.
 */
public interface JobRunner {
    /** The kind of work, for example {@code script}; see {@code WorkKind.word()}. */
    String kind();

    /**
     * Runs one attempt.
     *
     * @throws Exception any trouble; counts as a transient failure with its message
     */
    RunResult run(RunRequest request) throws Exception;

    /**
     * The backends that a run of the job would use, the preferred one first; empty where it uses none. Asked before each
     * run, so that a changed credential is seen; reads the configuration and opens no connection. Where every one of them
     * waits for somebody to sign in, the run ends {@code blocked_config: signed_out} without a call of {@link #run}.
     */
    default List<Backend> backends(Job job) {
        return List.of();
    }

    /**
     * Looks at a job that is to be stored, or at one that is: what it lacks to run here. Opens no connection.
     *
     * @return what is missing or wrong, each a sentence for a person; the job may be stored all the same
     * @throws InvalidInputException if such a job may not be stored
     */
    default List<String> check(JobDefinition definition) {
        return List.of();
    }
}
