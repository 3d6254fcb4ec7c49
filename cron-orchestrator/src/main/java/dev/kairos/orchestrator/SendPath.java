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
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one path of every send: from a claimed envelope to its receipts, its next attempt or its end. It reads the kept
 * output, never runs the job, and never sends a part that was confirmed (behaviour.md §5).
 */
final class SendPath {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");
    private static final Duration STORE_WAIT = Duration.ofMillis(500);
    private static final Duration AFTER_OWN_FAULT = Duration.ofSeconds(5);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Membership membership;
    private final Events events;
    private final NextAttempt next;
    private final Parcel.Packer packer;
    private final BooleanSupplier isGivingUp;
    private final RepeatedTrouble silence = new RepeatedTrouble();

    SendPath(OrchestratorParts parts, Membership membership, Events events, BooleanSupplier isGivingUp) {
        this.parts = parts;
        this.environment = parts.environment();
        this.membership = membership;
        this.events = events;
        this.next = new NextAttempt(environment, parts.settings().deliveryBackoff());
        this.packer = new Parcel.Packer(parts);
        this.isGivingUp = isGivingUp;
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

    /** The envelope was claimed. */
    void claimed(Envelope envelope) {
        publish(envelope);
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
            waits(claimed, e);
            return record(again(claimed, environment.now().plus(AFTER_OWN_FAULT)));
        } catch (Throwable e) { // nothing was sent; it counts as an attempt, so that it ends some time
            LOG.error("cron.delivery-failed envelope={}", claimed.id(), e);
            return record(next.afterFailure(
                    failure(claimed.sending(), Kind.TRANSIENT, "it cannot be sent: " + PlainWords.of(e))));
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
        Optional<DeliveryChannel> channel = channelOf(envelope);
        if (channel.isEmpty()) { // never asked for: it is for a node that has the channel
            return write(envelope, again(envelope, environment.now().plus(AFTER_OWN_FAULT)));
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
        if (!record(changed)) {
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
            if (!mark(open)) {
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
                                clean(String.valueOf(e.getMessage())),
                                e.retryAfter()));
            } catch (InterruptedException e) {
                Thread.interrupted();
                return conclude(held, failure(open.unknownFrom(begun), Kind.UNKNOWN_FATE, "stopped while sending"));
            } catch (Throwable e) {
                LOG.error("cron.channel-threw envelope={}", open.id(), e);
                return conclude(held, failure(open.unknownFrom(begun), Kind.UNKNOWN_FATE, PlainWords.of(e)));
            }
        }
        return held.isGivenUp() || record(open.ended(EnvelopeState.DELIVERED, Optional.empty()));
    }

    /** A part that has no receipt yet, and the envelope as it will be marked for it. */
    private record NextPart(Parcel parcel, int number, Envelope marked) {}

    /**
     * Waits for the part's turn at the platform and makes its message, before the mark: a node that dies meanwhile leaves
     * nothing in doubt. A turn that is far off is waited for in the store.
     *
     * @param unsent the envelope without a mark, with the receipts so far
     */
    private Ready ready(HeldEnvelope held, Envelope unsent, NextPart next) {
        Parcel parcel = next.parcel();
        try {
            Duration wait = held.calling(() -> parcel.channel().turn(parcel.address()));
            if (wait.compareTo(DeliveryChannel.LONGEST_TURN) > 0) {
                return Ready.settled(held.isGivenUp() || record(postponed(unsent, wait)));
            }
            if (wait.compareTo(Duration.ZERO) > 0) {
                if (!held.envelope().equals(unsent) && !record(unsent)) {
                    return Ready.settled(false);
                }
                held.is(unsent);
                environment.sleep(wait);
            }
            return new Ready(Optional.of(packer.message(parcel, next.number(), unsent)), false);
        } catch (InterruptedException e) {
            Thread.interrupted();
            return Ready.settled(held.isGivenUp() || record(again(unsent, environment.now())));
        } catch (Throwable e) {
            LOG.error("cron.channel-threw envelope={}", unsent.id(), e);
            return Ready.settled(
                    conclude(held, failure(next.marked(), Kind.TRANSIENT, "it cannot be sent: " + PlainWords.of(e))));
        }
    }

    /** It was not tried, so it uses up no attempt. */
    private Envelope postponed(Envelope unsent, Duration wait) {
        Duration bounded = NextAttempt.bounded(wait);
        return again(unsent, environment.now().plus(bounded)).toBuilder()
                .error(Optional.of("its platform asked for fewer messages: it waits " + bounded.toSeconds()
                        + "s more for its turn"))
                .build();
    }

    private boolean conclude(HeldEnvelope held, NextAttempt.Failure failure) {
        return held.isGivenUp() || record(next.afterFailure(failure));
    }

    private NextAttempt.Failure failure(Envelope envelope, Kind kind, String why) {
        return new NextAttempt.Failure(envelope, channelOf(envelope), kind, clean(why), Optional.empty());
    }

    private String clean(String text) {
        return parts.composer().clean(text);
    }

    private Optional<DeliveryChannel> channelOf(Envelope envelope) {
        return parts.channel(envelope.platform());
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
            return put(next.afterFailure(failure(open, kind, why)));
        } catch (StoreException e) {
            waits(envelope, e);
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
        recover(dropped, environment.now().plus(AFTER_OWN_FAULT));
    }

    private void recover(Envelope orphan, Instant unsentDueAt) {
        try {
            put(
                    orphan.state() == EnvelopeState.CLAIMED
                            ? again(orphan, unsentDueAt)
                            : next.afterFailure(failure(
                                    orphan.unknownFrom(orphan.nextAttemptAt()),
                                    Kind.UNKNOWN_FATE,
                                    "its node died while sending")));
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("cron.delivery-not-recovered envelope={}", orphan.id(), e);
        }
    }

    private static Envelope again(Envelope unsent, Instant at) {
        EnvelopeState state = unsent.attempts() == 0 ? EnvelopeState.PENDING : EnvelopeState.RETRY;
        return unsent.waiting(state, at, unsent.error());
    }

    /** Commits {@code sending}, again where the lease had to be waited for. Answers whether it may be sent now. */
    private boolean mark(Envelope open) {
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
    private boolean record(Envelope changed) {
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
    private void waits(Envelope envelope, StoreException e) {
        silence.happened(String.valueOf(e.getMessage()), environment.uptime())
                .ifPresent(reason -> LOG.warn("cron.delivery-waits envelope={} reason={}", envelope.id(), reason));
    }

    private boolean put(Envelope changed) {
        Optional<Execution> row = parts.store().ledger().find(changed.executionId());
        boolean held =
                parts.store().outbox().put(changed, (view, envelopes) -> DeliveryStatus.ofJob(row, view, envelopes));
        if (held) {
            publish(changed);
        }
        return held;
    }

    private void publish(Envelope envelope) {
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
