package dev.kairos.api.store;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The face of a store that keeps the envelopes. Status: experimental since 0.1. */
public interface Outbox {
    /**
     * Gives waiting envelopes that are due to a node, only such as it can deliver, earliest first, each under a new fence,
     * in one transaction. One that nobody can deliver keeps waiting.
     *
     * @throws StoreException of kind {@code NODE_LOST} if the node is not a live member
     */
    List<Envelope> claimDue(EnvelopeClaimRequest request);

    /**
     * Replaces an envelope, only while {@link Envelope#mayBecome the stored one may become it}; in the same transaction
     * the host may write about its job. A stale owner, one whose envelope waits again, or who read it before the last
     * attempt began, changes nothing.
     * If the decider throws, nothing is written and the exception leaves the method.
     *
     * @param changed the envelope as it shall be
     * @param decider asked only where the envelope was replaced
     * @return whether the fence held
     * @throws IllegalStateException if the amendment breaks the key (job, scheduledAt, attempt); nothing was written
     */
    boolean put(Envelope changed, EnvelopeDecider decider);

    /**
     * The envelopes in the given states, oldest attempt first.
     *
     * @param jobId only of this job
     * @param states in one of these; empty for all
     * @param limit how many at most
     */
    List<Envelope> list(Optional<String> jobId, Set<EnvelopeState> states, int limit);

    /**
     * Hands over all envelopes, ordered by execution, content and target, without keeping them: a store of many is read in
     * bounded memory. One that is written meanwhile is handed over as it is when its turn comes, or not at all.
     *
     * @param reader may call the store
     */
    default void each(Consumer<Envelope> reader) {
        list(Optional.empty(), Set.of(), Integer.MAX_VALUE).stream()
                .sorted(Comparator.comparing(Envelope::executionId)
                        .thenComparing(envelope -> envelope.content().name().toLowerCase(Locale.ROOT))
                        .thenComparing(Envelope::target))
                .forEach(reader);
    }

    /**
     * The earliest instant at which {@link #claimDue} would give something.
     *
     * @param platforms what the asking node can deliver to
     */
    Optional<Instant> nextDueAt(Set<String> platforms);
}
