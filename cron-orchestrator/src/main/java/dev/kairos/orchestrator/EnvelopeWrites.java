package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes envelopes under their fence, waits for a silent store and for the node's lease, and tells the listeners. */
final class EnvelopeWrites {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");
    private static final Duration STORE_WAIT = Duration.ofMillis(500);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Membership membership;
    private final Events events;
    private final BooleanSupplier isGivingUp;
    private final RepeatedTrouble silence = new RepeatedTrouble();

    /**
     * The writes of one node.
     *
     * @param isGivingUp true once the node ends and may not wait for a store any longer
     */
    EnvelopeWrites(OrchestratorParts parts, Membership membership, Events events, BooleanSupplier isGivingUp) {
        this.parts = parts;
        this.environment = parts.environment();
        this.membership = membership;
        this.events = events;
        this.isGivingUp = isGivingUp;
    }

    /** Commits {@code sending}, again where the lease had to be waited for. Answers whether it may be sent now. */
    boolean mark(Envelope open) {
        String node = open.node().orElseThrow();
        while (record(open)) {
            if (membership.isMember(node) && membership.mayStart()) {
                return true;
            }
            if (!awaitLease(node)) {
                return false;
            }
        }
        return false;
    }

    /** A node sends nothing while its lease may have been taken away: it waits for the next renewal, or for the loss. */
    private boolean awaitLease(String node) {
        while (membership.isMember(node)) {
            if (membership.mayStart()) {
                return true;
            }
            if (isGivingUp.getAsBoolean() || !pause()) {
                return false;
            }
        }
        return false;
    }

    /** Writes the envelope, offering it again while the store is silent. Answers whether its fence held. */
    boolean record(Envelope changed) {
        for (boolean hasWaited = false; ; hasWaited = true) {
            try {
                boolean held = put(changed);
                if (hasWaited) {
                    silence.over().ifPresent(times -> LOG.info("cron.delivery works again after failures={}", times));
                }
                return held;
            } catch (StoreException e) {
                waits(changed, e);
                if (isGivingUp.getAsBoolean() || !pause()) {
                    return false;
                }
            }
        }
    }

    /** One line for all sends that meet the same silence. */
    void waits(Envelope envelope, StoreException e) {
        silence.happened(String.valueOf(e.getMessage()), environment.uptime())
                .ifPresent(reason -> LOG.warn("cron.delivery-waits envelope={} reason={}", envelope.id(), reason));
    }

    /** The same, once: throws where the store is silent. */
    boolean put(Envelope changed) {
        Optional<Execution> row = parts.store().ledger().find(changed.executionId());
        boolean held =
                parts.store().outbox().put(changed, (view, envelopes) -> DeliveryStatus.ofJob(row, view, envelopes));
        if (held) {
            publish(changed);
        }
        return held;
    }

    /** Tells the listeners where it stands. */
    void publish(Envelope envelope) {
        boolean isWaiting = envelope.state().isWaiting();
        events.publish(
                "cron.delivery",
                "job",
                envelope.jobId(),
                "execution",
                envelope.executionId(),
                "target",
                envelope.target(),
                "state",
                envelope.state().word(),
                "attempts",
                Integer.toString(envelope.attempts()),
                "due_at",
                isWaiting ? envelope.nextAttemptAt().toString() : "",
                "error",
                envelope.error().orElse(""));
    }

    private boolean pause() {
        try {
            environment.sleep(STORE_WAIT);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
