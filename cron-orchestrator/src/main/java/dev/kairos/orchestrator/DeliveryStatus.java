package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a job says of its last run's deliveries, derived from that run's envelopes. */
final class DeliveryStatus {
    private DeliveryStatus() {}

    /**
     * Writes the word into the job, while the envelopes are those of its last counted run: what an older run still sends
     * says nothing about the last one.
     *
     * @param row the execution whose envelopes they are; empty if it is not known any more
     */
    static Amendment ofJob(Optional<Execution> row, JobView view, List<Envelope> ofExecution) {
        if (view.job().isEmpty() || ofExecution.isEmpty() || row.isEmpty()) {
            return Amendment.none();
        }
        Optional<Instant> ran = row.get().startedAt().or(row.get()::finishedAt);
        if (!ran.equals(view.job().get().engine().lastRun().at())) {
            return Amendment.none();
        }
        Job job = view.job().get();
        EngineState engine = job.engine();
        Optional<String> error = ofExecution.stream()
                .filter(envelope -> envelope.state() != EnvelopeState.DELIVERED)
                .flatMap(envelope -> envelope.error().stream())
                .findFirst();
        EngineState changed = engine.toBuilder()
                .lastRun(engine.lastRun().withDelivery(word(ofExecution), error))
                .build();
        return changed.equals(engine)
                ? Amendment.none()
                : Amendment.builder().engine(changed).build();
    }

    static String word(List<Envelope> envelopes) {
        if (has(envelopes, EnvelopeState.FAILED)) {
            return "failed";
        }
        if (has(envelopes, EnvelopeState.UNKNOWN)) {
            return "unknown";
        }
        if (envelopes.stream().anyMatch(envelope -> envelope.state().isOpen())) {
            return "retrying";
        }
        return has(envelopes, EnvelopeState.DELIVERED) ? "delivered" : "none";
    }

    private static boolean has(List<Envelope> envelopes, EnvelopeState state) {
        return envelopes.stream().anyMatch(envelope -> envelope.state() == state);
    }
}
