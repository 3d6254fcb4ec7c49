package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.delivery.FileLines;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one path of every send: from a claimed envelope to its receipts, its next attempt or its end. It reads the kept
 * output, never runs the job, and never sends a part that was confirmed (behaviour.md §5).
 */
final class SendPath {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");

    private final OrchestratorParts parts;
    private final Environment environment;
    private final EnvelopeWrites writes;
    private final NextAttempt next;
    private final Parcel.Packer packer;

    SendPath(OrchestratorParts parts, EnvelopeWrites writes) {
        this.parts = parts;
        this.environment = parts.environment();
        this.writes = writes;
        this.next = new NextAttempt(parts);
        this.packer = new Parcel.Packer(parts);
    }

    /**
     * A part before its mark.
     *
     * @param message what is to be sent; empty if the envelope was put back or ended instead
     * @param isSettled whether the store knows of that
     */
    private record Ready(Optional<DeliveryMessage> message, boolean isSettled) {
        static Ready settled(boolean isSettled) {
            return new Ready(Optional.empty(), isSettled);
        }
    }

    /**
     * Sends it on the calling thread and writes what came of it; whatever is thrown on the way concerns this envelope
     * alone.
     *
     * @return whether the store knows; otherwise it stands in this node's name and must be put back
     */
    boolean send(HeldEnvelope held) {
        Envelope claimed = held.envelope();
        Optional<Parcel> parcel;
        try {
            parcel = parcel(held);
        } catch (StoreException e) {
            writes.waits(claimed, e);
            return writes.record(afterOwnFault(claimed));
        } catch (Throwable e) { // nothing was sent; it counts as an attempt, so that it ends some time
            LOG.error("cron.delivery-failed envelope={}", claimed.id(), e);
            return writes.record(next.afterFailure(
                    next.failure(claimed.sending(), Kind.TRANSIENT, "it cannot be sent: " + PlainWords.of(e))));
        }
        return parcel.isEmpty() || deliver(held, parcel.get());
    }

    /** What there is to send; empty if the envelope was ended or put back instead. */
    private Optional<Parcel> parcel(HeldEnvelope held) throws Exception {
        Envelope envelope = held.envelope();
        Optional<Job> job = parts.store().jobs().find(envelope.jobId());
        Optional<Execution> row = parts.store().ledger().find(envelope.executionId());
        if (job.isEmpty() || row.isEmpty()) {
            return end(envelope, EnvelopeState.CANCELLED, "its job was removed");
        }
        Optional<FileLines> words = packer.words(envelope, row.get());
        if (words.isEmpty()) {
            return end(envelope, EnvelopeState.FAILED, "the kept output is gone; run the job again to send anew");
        }
        Optional<DeliveryChannel> channel = parts.channel(envelope.platform());
        if (channel.isEmpty()) { // never asked for: it is for a node that has the channel
            return write(envelope, afterOwnFault(envelope));
        }
        if (!next.isRepeatable(envelope, environment.now(), channel.get())) {
            return end(
                    envelope,
                    EnvelopeState.UNKNOWN,
                    "nobody knows whether it arrived, and the platform would not recognise a repetition any more");
        }
        return Optional.of(held.calling(() -> packer.pack(envelope, channel.get(), words.get(), row.get(), job.get())));
    }

    private Optional<Parcel> end(Envelope envelope, EnvelopeState how, String why) {
        return write(envelope, envelope.ended(how, Optional.of(why)));
    }

    private Optional<Parcel> write(Envelope envelope, Envelope changed) {
        if (!writes.record(changed)) {
            LOG.warn("cron.delivery-stale envelope={} another end was written, or none can be", envelope.id());
        }
        return Optional.empty();
    }

    /** Sends the parts that have no receipt yet, each under a committed mark that holds the receipts before it. */
    private boolean deliver(HeldEnvelope held, Parcel parcel) {
        Envelope unsent = held.envelope();
        Envelope open = unsent.sending();
        for (int part = open.receipts().size(); part < parcel.size(); part++) {
            Ready ready = ready(held, unsent, new NextPart(parcel, part, open));
            if (ready.message().isEmpty()) {
                return ready.isSettled();
            }
            held.is(open);
            if (!writes.mark(open)) {
                return false;
            }
            Instant begun = environment.now();
            try {
                DeliveryMessage message = ready.message().get();
                String receipt = held.calling(() -> parcel.channel().send(message));
                Thread.interrupted(); // an end that came while it returned must not disturb the writing
                open = open.withReceipt(Objects.requireNonNullElse(receipt, ""));
                unsent = open.toBuilder().state(EnvelopeState.CLAIMED).build();
            } catch (DeliveryException e) {
                Envelope failed = e.kind() == Kind.UNKNOWN_FATE ? open.unknownFrom(begun) : open;
                return conclude(
                        held,
                        new NextAttempt.Failure(
                                failed,
                                Optional.of(parcel.channel()),
                                e.kind(),
                                parts.composer().clean(String.valueOf(e.getMessage())),
                                e.retryAfter()));
            } catch (InterruptedException e) {
                Thread.interrupted();
                return conclude(
                        held, next.failure(open.unknownFrom(begun), Kind.UNKNOWN_FATE, "stopped while sending"));
            } catch (Throwable e) {
                LOG.error("cron.channel-threw envelope={}", open.id(), e);
                return conclude(held, next.failure(open.unknownFrom(begun), Kind.UNKNOWN_FATE, PlainWords.of(e)));
            }
        }
        return held.isGivenUp() || writes.record(open.ended(EnvelopeState.DELIVERED, Optional.empty()));
    }

    /** A part that has no receipt yet, and the envelope as it will be marked for it. */
    private record NextPart(Parcel parcel, int number, Envelope marked) {}

    /**
     * Waits for the part's turn at the platform and makes its message, before the mark: a node that dies meanwhile leaves
     * nothing in doubt. A turn that is far off is waited for in the store.
     *
     * @param unsent the envelope without a mark, with the receipts so far
     */
    private Ready ready(HeldEnvelope held, Envelope unsent, NextPart part) {
        Parcel parcel = part.parcel();
        try {
            Duration wait = held.calling(() -> parcel.channel().turn(parcel.address()));
            if (wait.compareTo(DeliveryChannel.LONGEST_TURN) > 0) {
                return Ready.settled(held.isGivenUp() || writes.record(postponed(unsent, wait)));
            }
            if (wait.compareTo(Duration.ZERO) > 0) {
                if (!held.envelope().equals(unsent) && !writes.record(unsent)) {
                    return Ready.settled(false);
                }
                held.is(unsent);
                environment.sleep(wait);
            }
            return new Ready(Optional.of(packer.message(parcel, part.number(), unsent)), false);
        } catch (InterruptedException e) {
            Thread.interrupted();
            return Ready.settled(held.isGivenUp() || writes.record(NextAttempt.untried(unsent, environment.now())));
        } catch (StoreException e) { // a file that the store keeps
            writes.waits(unsent, e);
            return Ready.settled(held.isGivenUp() || writes.record(afterOwnFault(unsent)));
        } catch (Throwable e) {
            LOG.error("cron.channel-threw envelope={}", unsent.id(), e);
            return Ready.settled(conclude(
                    held, next.failure(part.marked(), Kind.TRANSIENT, "it cannot be sent: " + PlainWords.of(e))));
        }
    }

    private Envelope afterOwnFault(Envelope unsent) {
        return NextAttempt.untried(unsent, environment.now().plus(NextAttempt.AFTER_OWN_FAULT));
    }

    /** It was not tried, so it uses up no attempt. */
    private Envelope postponed(Envelope unsent, Duration wait) {
        Duration bounded = NextAttempt.bounded(wait);
        return NextAttempt.untried(unsent, environment.now().plus(bounded)).toBuilder()
                .error(Optional.of("its platform asked for fewer messages: it waits " + bounded.toSeconds()
                        + "s more for its turn"))
                .build();
    }

    private boolean conclude(HeldEnvelope held, NextAttempt.Failure failure) {
        return held.isGivenUp() || writes.record(next.afterFailure(failure));
    }
}
