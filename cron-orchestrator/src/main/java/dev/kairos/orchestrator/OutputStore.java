package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import java.io.IOException;
import java.util.Optional;

/**
 * Where outputs are kept between the run and its deliveries.
 *
 * <p>Status: internal.
 */
public interface OutputStore {
    /**
     * Keeps what the attempt said.
     *
     * @return the name under which {@link #message} finds it again
     */
    String save(Job job, Execution execution, RunResult result) throws IOException;

    /** The message, byte for byte; empty if the output is gone. */
    Optional<String> message(String output) throws IOException;
}
