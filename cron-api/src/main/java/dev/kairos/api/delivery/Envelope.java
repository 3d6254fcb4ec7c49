package dev.kairos.api.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A pending delivery in the store: the output of one execution for one target. Immutable; unique by (execution, target,
 * content). Made with {@link #pending} and changed with {@link #toBuilder}; the constructor, which grows with the
 * components, is for this class alone.
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
     * the writer knows of every attempt (one that read it before its owner began to send does not). One that ended without
     * arriving may be {@link #reopened}: under a new fence, so that whoever had it in hand before changes nothing.
     */
    public boolean mayBecome(Envelope changed) {
        boolean isOwners = state.isInHand() && fence == changed.fence && attempts <= changed.attempts;
        return isOwners || isLost() && reopened(changed.nextAttemptAt).equals(changed);
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

    /** A builder that begins with everything of this envelope, for a store that reads one; whose it is stays. */
    public Builder toBuilder() {
        return new Builder(this);
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
        return toBuilder()
                .state(EnvelopeState.CLAIMED)
                .node(Optional.of(claimer))
                .fence(fence + 1)
                .build();
    }

    /** The same envelope about to be sent: one attempt more. */
    public Envelope sending() {
        return toBuilder().state(EnvelopeState.SENDING).attempts(attempts + 1).build();
    }

    /** The same envelope with one more part confirmed: nothing is unknown of it any more. */
    public Envelope withReceipt(String receipt) {
        List<String> more = new ArrayList<>(receipts);
        more.add(receipt);
        return toBuilder().receipts(more).unknownSince(Optional.empty()).build();
    }

    /** The same envelope of which a part was sent at the instant, and nobody knows whether it arrived; the first stands. */
    public Envelope unknownFrom(Instant at) {
        return toBuilder().unknownSince(Optional.of(unknownSince.orElse(at))).build();
    }

    /** The same envelope ended. */
    public Envelope ended(EnvelopeState how, Optional<String> why) {
        return toBuilder().state(how).node(Optional.empty()).error(why).build();
    }

    /** The same envelope waiting again. */
    public Envelope waiting(EnvelopeState how, Instant at, Optional<String> why) {
        return ended(how, why).toBuilder().nextAttemptAt(at).build();
    }

    /** Whether it ended without anybody knowing that it arrived, so that a person may have it sent again. */
    public boolean isLost() {
        return state == EnvelopeState.FAILED || state == EnvelopeState.UNKNOWN;
    }

    /**
     * The same envelope waiting anew, because a person asked for it: with all its retries, without the parts that have a
     * receipt, and whatever is unknown of it taken upon themselves.
     *
     * @param at when it may be claimed
     */
    public Envelope reopened(Instant at) {
        return toBuilder()
                .state(EnvelopeState.PENDING)
                .attempts(0)
                .fence(fence + 1)
                .node(Optional.empty())
                .nextAttemptAt(at)
                .unknownSince(Optional.empty())
                .build();
    }

    /** Changes some parts. Not thread-safe. */
    public static final class Builder {
        private final Envelope from;
        private EnvelopeState state;
        private int attempts;
        private Instant nextAttemptAt;
        private Optional<String> node;
        private long fence;
        private List<String> receipts;
        private Optional<String> error;
        private Optional<Instant> unknownSince;

        private Builder(Envelope from) {
            this.from = from;
            state = from.state;
            attempts = from.attempts;
            nextAttemptAt = from.nextAttemptAt;
            node = from.node;
            fence = from.fence;
            receipts = from.receipts;
            error = from.error;
            unknownSince = from.unknownSince;
        }

        /** See {@link Envelope#state()}. */
        public Builder state(EnvelopeState value) {
            state = value;
            return this;
        }

        /** See {@link Envelope#attempts()}. */
        public Builder attempts(int value) {
            attempts = value;
            return this;
        }

        /** See {@link Envelope#nextAttemptAt()}. */
        public Builder nextAttemptAt(Instant value) {
            nextAttemptAt = value;
            return this;
        }

        /** See {@link Envelope#node()}. */
        public Builder node(Optional<String> value) {
            node = value;
            return this;
        }

        /** See {@link Envelope#fence()}. */
        public Builder fence(long value) {
            fence = value;
            return this;
        }

        /** See {@link Envelope#receipts()}. */
        public Builder receipts(List<String> value) {
            receipts = value;
            return this;
        }

        /** See {@link Envelope#error()}. */
        public Builder error(Optional<String> value) {
            error = value;
            return this;
        }

        /** See {@link Envelope#unknownSince()}. */
        public Builder unknownSince(Optional<Instant> value) {
            unknownSince = value;
            return this;
        }

        /** The envelope. */
        public Envelope build() {
            return new Envelope(
                    from.executionId,
                    from.jobId,
                    from.target,
                    from.content,
                    state,
                    attempts,
                    nextAttemptAt,
                    node,
                    fence,
                    receipts,
                    error,
                    unknownSince);
        }
    }
}
