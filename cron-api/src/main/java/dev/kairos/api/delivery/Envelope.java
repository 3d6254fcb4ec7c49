package dev.kairos.api.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A pending delivery in the store: the output of one execution for one target. Immutable; unique by (execution, target,
 * content).
 *
 * <p>Status: experimental since 0.1.
 *
 * @param executionId whose output
 * @param jobId whose job
 * @param target the resolved target, in the grammar of {@code deliver}
 * @param content what of the execution it carries
 * @param state where it stands
 * @param attempts sends begun so far
 * @param nextAttemptAt when a waiting envelope may be claimed
 * @param node the node that claimed it
 * @param fence grows with each claim
 * @param receipts what the platform answered for each part already sent, in order
 * @param error what the last failed send said, redacted
 * @param unknownSince when the part that comes next was first sent without anybody knowing whether it arrived
 */
public record Envelope(
        String executionId,
        String jobId,
        String target,
        Content content,
        EnvelopeState state,
        int attempts,
        Instant nextAttemptAt,
        Optional<String> node,
        long fence,
        List<String> receipts,
        Optional<String> error,
        Optional<Instant> unknownSince) {

    /** What an envelope carries. */
    public enum Content {
        /** The message of a successful run, read from the output; retried. */
        RESULT,
        /** A failure message, kept in the ledger row's error; sent once. */
        ALERT
    }

    public Envelope {
        Objects.requireNonNull(executionId);
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(target);
        Objects.requireNonNull(content);
        Objects.requireNonNull(state);
        Objects.requireNonNull(nextAttemptAt);
        Objects.requireNonNull(node);
        Objects.requireNonNull(error);
        Objects.requireNonNull(unknownSince);
        receipts = List.copyOf(receipts);
        if (attempts < 0 || fence < 0) {
            throw new IllegalArgumentException("attempts " + attempts + ", fence " + fence);
        }
    }

    /**
     * Whether a writer that holds {@code changed} may replace this stored envelope: it is in hand, under the same fence, and
     * the writer knows of every attempt (one that read it before its owner began to send does not).
     */
    public boolean mayBecome(Envelope changed) {
        return state.isInHand() && fence == changed.fence && attempts <= changed.attempts;
    }

    /** A new envelope that waits for its first attempt. */
    public static Envelope pending(String executionId, String jobId, String target, Content content, Instant now) {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                EnvelopeState.PENDING,
                0,
                now,
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** The platform that it is for. */
    public String platform() {
        return platformOf(target);
    }

    /** The platform of a resolved target: the word before the first colon, in lower case. */
    public static String platformOf(String target) {
        int colon = target.indexOf(':');
        return (colon < 0 ? target : target.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
    }

    /** Its id: execution, content and target in one text. */
    public String id() {
        return executionId + (content == Content.ALERT ? "!" : "/") + target;
    }

    /** The same envelope in the hands of a node, under a new fence. */
    public Envelope claimedBy(String claimer) {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                EnvelopeState.CLAIMED,
                attempts,
                nextAttemptAt,
                Optional.of(claimer),
                fence + 1,
                receipts,
                error,
                unknownSince);
    }

    /** The same envelope about to be sent: one attempt more. */
    public Envelope sending() {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                EnvelopeState.SENDING,
                attempts + 1,
                nextAttemptAt,
                node,
                fence,
                receipts,
                error,
                unknownSince);
    }

    /** The same envelope with one more part confirmed: nothing is unknown of it any more. */
    public Envelope withReceipt(String receipt) {
        List<String> more = new ArrayList<>(receipts);
        more.add(receipt);
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                state,
                attempts,
                nextAttemptAt,
                node,
                fence,
                more,
                error,
                Optional.empty());
    }

    /** The same envelope of which a part was sent at the instant, and nobody knows whether it arrived; the first stands. */
    public Envelope unknownFrom(Instant at) {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                state,
                attempts,
                nextAttemptAt,
                node,
                fence,
                receipts,
                error,
                Optional.of(unknownSince.orElse(at)));
    }

    /** The same envelope ended. */
    public Envelope ended(EnvelopeState how, Optional<String> why) {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                how,
                attempts,
                nextAttemptAt,
                Optional.empty(),
                fence,
                receipts,
                why,
                unknownSince);
    }

    /** The same envelope waiting again. */
    public Envelope waiting(EnvelopeState how, Instant at, Optional<String> why) {
        return new Envelope(
                executionId,
                jobId,
                target,
                content,
                how,
                attempts,
                at,
                Optional.empty(),
                fence,
                receipts,
                why,
                unknownSince);
    }
}
