package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A person has a message that did not arrive sent again: from the kept output, to the target that lacks it, from its first
 * part without a receipt. The job does not run.
 *
 * <p>Status: internal.
 */
public final class Resend {
    private final JobStore store;
    private final Environment environment;

    /** Over the store. */
    public Resend(JobStore store, Environment environment) {
        this.store = Objects.requireNonNull(store);
        this.environment = Objects.requireNonNull(environment);
    }

    /** The messages that were given up or whose fate nobody knows, oldest first. */
    public List<Envelope> lost() {
        return store.outbox()
                .list(Optional.empty(), EnumSet.of(EnvelopeState.FAILED, EnvelopeState.UNKNOWN), Integer.MAX_VALUE);
    }

    /**
     * Lets the envelope wait anew.
     *
     * @return whether it was still lost
     */
    public boolean again(Envelope lost) {
        Envelope waiting = lost.reopened(environment.now());
        Optional<Execution> row = store.ledger().find(lost.executionId());
        return store.outbox().put(waiting, (view, envelopes) -> {
            Amendment amendment = DeliveryStatus.ofJob(row, view, envelopes);
            return amendment.isNone() ? touching(view) : amendment;
        });
    }

    /** The job's state as it is, written anew: that is what daemons notice within two seconds. */
    private static Amendment touching(JobView view) {
        return view.job()
                .map(job -> Amendment.builder().engine(job.engine()).build())
                .orElse(Amendment.none());
    }
}
