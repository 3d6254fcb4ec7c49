package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.KeptFile;
import java.io.IOException;
import java.util.List;
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
     * @return how it is found again
     * @throws IOException if it could be kept nowhere
     */
    Saved save(Job job, Execution execution, RunResult result) throws IOException;

    /**
     * The message of an attempt, byte for byte; empty if it kept none, or its output is gone.
     *
     * @throws IOException if it is there and cannot be read
     */
    Optional<String> message(Execution row) throws IOException;

    /**
     * What was kept.
     *
     * @param name for the ledger
     * @param page what the store shall keep with the execution, so that other machines can read it
     * @param files what the store shall keep beside the page while a delivery may need it
     */
    record Saved(String name, Optional<String> page, List<KeptFile> files) {
        public Saved {
            files = List.copyOf(files);
        }

        public Saved(String name, Optional<String> page) {
            this(name, page, List.of());
        }

        /** The same with these files, where a page is kept. */
        Saved with(List<KeptFile> kept) {
            return page.isPresent() ? new Saved(name, page, kept) : this;
        }
    }
}
