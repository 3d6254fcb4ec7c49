package dev.kairos.orchestrator.jobs;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.JobStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the deliveries of a job that have not ended. */
final class OpenSends {
    private static final int MOST_COUNTED = 10_000;
    private static final Set<EnvelopeState> OPEN =
            Arrays.stream(EnvelopeState.values()).filter(EnvelopeState::isOpen).collect(Collectors.toSet());

    private OpenSends() {}

    static long of(JobStore store, String jobId) {
        return store.outbox().list(Optional.of(jobId), OPEN, MOST_COUNTED).size();
    }
}
