package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of envelopes that no thread sends any more: one that hangs in a channel, a dead node's, an own fault's. */
final class LostSends {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");

    private final Environment environment;
    private final EnvelopeWrites writes;
    private final Events events;
    private final NextAttempt next;

    LostSends(OrchestratorParts parts, EnvelopeWrites writes, Events events) {
        this.environment = parts.environment();
        this.writes = writes;
        this.events = events;
        this.next = new NextAttempt(parts);
    }

    /** The channel's thread ignores its end: the envelope goes on without it. Answers whether the store knows. */
    boolean giveUp(Envelope envelope) {
        events.publishWarning(
                "cron.send-given-up",
                "job",
                envelope.jobId(),
                "execution",
                envelope.executionId(),
                "target",
                envelope.target());
        String why = "the channel did not answer, and ignores interruption";
        boolean isSent = envelope.state() == EnvelopeState.SENDING;
        Envelope open =
                isSent ? envelope.unknownFrom(environment.now().minus(Sender.GIVEN_UP_AFTER)) : envelope.sending();
        Kind kind = isSent ? Kind.UNKNOWN_FATE : Kind.TRANSIENT;
        try {
            return writes.put(next.afterFailure(next.failure(open, kind, why)));
        } catch (StoreException e) {
            writes.waits(envelope, e);
            return false;
        }
    }

    /**
     * What becomes of an envelope whose node died: unsent waits again, half-sent follows the unknown-fate rule. One that
     * cannot be judged stays as it is and harms no other.
     *
     * @throws StoreException if the store cannot answer
     */
    void recover(Envelope orphan) {
        recover(orphan, environment.now());
    }

    /** The same for one that this node let go of by a fault of its own: it does not come back at once. */
    void putBack(Envelope dropped) {
        recover(dropped, environment.now().plus(NextAttempt.AFTER_OWN_FAULT));
    }

    private void recover(Envelope orphan, Instant unsentDueAt) {
        try {
            writes.put(
                    orphan.state() == EnvelopeState.CLAIMED
                            ? NextAttempt.untried(orphan, unsentDueAt)
                            : next.afterFailure(next.failure(
                                    orphan.unknownFrom(orphan.nextAttemptAt()),
                                    Kind.UNKNOWN_FATE,
                                    "its node died while sending")));
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("cron.delivery-not-recovered envelope={}", orphan.id(), e);
        }
    }
}
