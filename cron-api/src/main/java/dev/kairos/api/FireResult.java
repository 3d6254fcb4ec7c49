package dev.kairos.api;

import dev.kairos.api.ledger.Execution;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What became of a fire. Status: experimental since 0.1. */
public sealed interface FireResult {
    /**
     * The claim was won and is committed.
     *
     * @param execution the claimed row
     * @param completion the row as it ended
     */
    record Claimed(Execution execution, CompletionStage<Execution> completion) implements FireResult {
        public Claimed {
            Objects.requireNonNull(execution);
            Objects.requireNonNull(completion);
        }
    }

    /**
     * Nothing was claimed.
     *
     * @param reason why
     * @param nextDueAt when the job is due next
     */
    record NotClaimed(Reason reason, Optional<Instant> nextDueAt) implements FireResult {
        public NotClaimed {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(nextDueAt);
        }
    }

    /** Why nothing was claimed; more may be added. */
    enum Reason {
        /** There is no such job. */
        NO_SUCH_JOB,
        /** It is paused, completed or in error. */
        NOT_ENABLED,
        /** No occurrence of it is due at or before the instant. */
        NOT_DUE,
        /** Somebody else claimed the occurrence, or it was skipped by policy. */
        TAKEN,
        /** This node cannot run it. */
        NOT_ABLE,
        /**
         * Nothing starts just now; try again soon: as many jobs run here, or with one of its tags anywhere, as may, this node
         * has yet to renew its lease after a sleep, or it is just back from an outage of the store and another node holds a
         * run of the job.
         */
        BUSY,
        /** The store could not answer. */
        STORE_UNAVAILABLE,
        /** The request was for {@code _wake}: a tick was made. */
        TICKED,
        /** The host is stopping. */
        STOPPING
    }

    /** Turns either answer into one value. */
    default <R> R fold(Function<Claimed, R> claimed, Function<NotClaimed, R> notClaimed) {
        return this instanceof Claimed won ? claimed.apply(won) : notClaimed.apply((NotClaimed) this);
    }
}
