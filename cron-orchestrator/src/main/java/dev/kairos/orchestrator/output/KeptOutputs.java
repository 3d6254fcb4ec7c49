package dev.kairos.orchestrator.output;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.OutputStore;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Output files of which each job keeps the newest, and those that an open envelope still needs. Thread-safe. Status:
 * internal.
 */
public final class KeptOutputs implements OutputStore {
    /** How many files a job keeps unless told otherwise. */
    public static final int KEPT = 50;

    private static final Logger LOG = LoggerFactory.getLogger("cron.output");
    private static final int MOST_ENVELOPES = 10_000;
    private static final Set<EnvelopeState> OPEN = EnumSet.copyOf(EnumSet.allOf(EnvelopeState.class).stream()
            .filter(EnvelopeState::isOpen)
            .toList());

    private final OutputFiles files;
    private final JobStore store;
    private final int keep;

    /**
     * Prunes after each save.
     *
     * @param keep how many of a job's newest files stay, 1 or more
     */
    public KeptOutputs(OutputFiles files, JobStore store, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep must be positive: " + keep);
        }
        this.files = files;
        this.store = store;
        this.keep = keep;
    }

    @Override
    public String save(Job job, Execution execution, RunResult result) throws IOException {
        String output = files.save(job, execution, result);
        try {
            files.prune(job.id(), keep, () -> pinned(job.id()));
        } catch (IOException | RuntimeException trouble) { // the output is safe; what is left over can wait
            LOG.warn("cron.output not-pruned job={} old files stay until the next run", job.id(), trouble);
        }
        return output;
    }

    private Set<String> pinned(String jobId) {
        return store.outbox().list(Optional.of(jobId), OPEN, MOST_ENVELOPES).stream()
                .map(Envelope::executionId)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<String> message(String output) throws IOException {
        return files.message(output);
    }
}
