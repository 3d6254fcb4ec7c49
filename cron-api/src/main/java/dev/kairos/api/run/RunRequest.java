package dev.kairos.api.run;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One attempt, as a runner is asked for it. The host implements it. Status: experimental since 0.1. */
public interface RunRequest {
    /** The job as its start mark saw it. */
    Job job();

    /** The attempt's row. */
    Execution execution();

    /** The home folder. */
    Path home();

    /** A private folder kept for this job between its runs. */
    Path stateFolder();

    /**
     * Where the store is ({@link dev.kairos.api.store.JobStore#place}), for the attempt's children; empty where that is
     * unknown. The first call may ask the store.
     */
    default Optional<String> storePlace() {
        return Optional.empty();
    }

    /** Time, processes and files. */
    Environment environment();

    /** How long the attempt may take; the host interrupts the runner's thread when it has passed. */
    Duration timeout();

    /** Those of {@link JobRunner#backends} that may be called now, the preferred one first. */
    List<Backend> backends();

    /**
     * Says that the work goes on: output came, an answer arrived. The job's {@code idle_timeout}, where one holds, counts
     * from the last such word. Cheap; any thread.
     */
    void progressed();

    /** Whether the host has asked the attempt to end (time-out, cancellation, stop). */
    boolean isEnding();

    /**
     * How long what the attempt started may take to end by itself once it was asked to, before it is killed: five seconds,
     * and one where a person cancelled an agent's run. Any thread.
     */
    default Duration grace() {
        return Duration.ofSeconds(5);
    }
}
