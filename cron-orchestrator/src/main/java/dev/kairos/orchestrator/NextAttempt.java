package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a failed send (behaviour.md §5): a result is tried again after each of the waits, an alert is not; what
 * may have arrived is repeated only while the platform would recognise it, and is never called failed.
 */
final class NextAttempt {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

    /** How long an envelope rests after a fault that is no platform's. */
    static final Duration AFTER_OWN_FAULT = Duration.ofSeconds(5);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final List<Duration> backoff;

    NextAttempt(OrchestratorParts parts) {
        this.parts = parts;
        this.environment = parts.environment();
        this.backoff = parts.settings().deliveryBackoff();
    }

    /**
     * A failed send.
     *
     * @param envelope as it was sent; it says since when its fate is unknown
     * @param channel what sends to its platform, if this node has it
     * @param why redacted
     * @param retryAfter how long the platform asked to wait
     */
    record Failure(
            Envelope envelope,
            Optional<DeliveryChannel> channel,
            DeliveryException.Kind kind,
            String why,
            Optional<Duration> retryAfter) {}

    /** A failure that the platform did not tell. */
    Failure failure(Envelope envelope, DeliveryException.Kind kind, String why) {
        return new Failure(
                envelope,
                parts.channel(envelope.platform()),
                kind,
                parts.composer().clean(why),
                Optional.empty());
    }

    /** The envelope as it waits for an attempt that was not made, and so is not counted. */
    static Envelope untried(Envelope unsent, Instant at) {
        EnvelopeState state = unsent.attempts() == 0 ? EnvelopeState.PENDING : EnvelopeState.RETRY;
        return unsent.waiting(state, at, unsent.error());
    }

    Envelope afterFailure(Failure failure) {
        Envelope envelope = failure.envelope();
        boolean hasRetryLeft = envelope.content() == Envelope.Content.RESULT && envelope.attempts() <= backoff.size();
        if (failure.kind() != DeliveryException.Kind.TERMINAL && hasRetryLeft) {
            Instant at = environment.now().plus(wait(envelope.attempts(), failure.retryAfter()));
            // Who has no channel for it cannot tell: the node that claims it asks again before it sends.
            boolean isRepeatable = failure.channel()
                    .map(channel -> isRepeatable(envelope, at, channel))
                    .orElse(true);
            if (isRepeatable) {
                return envelope.waiting(EnvelopeState.RETRY, at, Optional.of(failure.why()));
            }
        }
        return envelope.ended(
                envelope.unknownSince().isPresent() ? EnvelopeState.UNKNOWN : EnvelopeState.FAILED,
                Optional.of(failure.why()));
    }

    private Duration wait(int attempts, Optional<Duration> retryAfter) {
        Duration wait = backoff.get(Math.max(0, attempts - 1));
        Duration capped = bounded(retryAfter.orElse(Duration.ZERO));
        return capped.compareTo(wait) > 0 ? capped : wait;
    }

    /** What a platform may ask for. */
    static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }

    /**
     * Whether it may be sent at the instant: nothing of it is in doubt, or the platform would recognise it then. Another
     * node's clock may have said since when: one that was ahead makes nothing repeatable.
     */
    boolean isRepeatable(Envelope envelope, Instant at, DeliveryChannel channel) {
        return envelope.unknownSince()
                .map(since -> Duration.between(since, at).abs().compareTo(lifetimeOfKeys(channel)) < 0)
                .orElse(true);
    }

    /** Foreign code: one that throws recognises nothing. */
    private static Duration lifetimeOfKeys(DeliveryChannel channel) {
        try {
            return channel.recognisesRepetitionFor();
        } catch (Throwable e) {
            LOG.error("cron.channel-threw channel={}", channel.getClass().getName(), e);
            return Duration.ZERO;
        }
    }
}
