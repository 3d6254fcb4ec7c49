package dev.kairos.api.job;

import dev.kairos.api.ledger.Missed;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the engine keeps of a job: where it stands and what came of its runs. A person never edits it. Made with {@link
 * #fresh} and changed with {@link #toBuilder}; the constructor, which grows with the components, is for this class alone.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param state where it stands
 * @param nextRunAt the next nominal instant
 * @param dueAt that instant plus jitter: what is scanned; empty exactly when the job cannot come due
 * @param lastScheduledAt the latest occurrence used up; a scheduled claim must be later
 * @param completedCount scheduled occurrences counted toward repeat
 * @param runCount ended runs
 * @param failureStreak failed runs in a row
 * @param lastRun what came of the last run
 * @param skipping the ledger row that a further skip for the same reason extends; ended by anything but a skip
 */
public record EngineState(
        JobState state,
        Optional<Instant> nextRunAt,
        Optional<Instant> dueAt,
        Optional<Instant> lastScheduledAt,
        int completedCount,
        long runCount,
        int failureStreak,
        LastRun lastRun,
        Optional<SkipSpan> skipping) {

    /**
     * Consecutive skips for one reason: one ledger row.
     *
     * @param executionId the row
     * @param reason why
     * @param missed from, to and count so far
     */
    public record SkipSpan(String executionId, String reason, Missed missed) {
        public SkipSpan {
            Objects.requireNonNull(executionId);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(missed);
        }
    }

    /**
     * What came of the last run. Made from {@link #NONE} with {@link #toBuilder}; the constructor, which grows with the
     * components, is for this class alone.
     *
     * @param at when it started
     * @param status its outcome's word
     * @param error its failure message
     * @param deliveryStatus delivered, retrying, failed, unknown, suppressed or none
     * @param deliveryError what the last failed send said
     * @param took how long its last attempt ran
     */
    public record LastRun(
            Optional<Instant> at,
            Optional<String> status,
            Optional<String> error,
            Optional<String> deliveryStatus,
            Optional<String> deliveryError,
            Optional<Duration> took) {
        /** Nothing ran yet. */
        public static final LastRun NONE = new LastRun(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        /** The same run with another word on its delivery. */
        public LastRun withDelivery(String newStatus, Optional<String> newError) {
            return toBuilder()
                    .deliveryStatus(Optional.of(newStatus))
                    .deliveryError(newError)
                    .build();
        }

        /** A builder that begins with everything of this run. */
        public Builder toBuilder() {
            return new Builder(this);
        }

        /** Changes some parts. Not thread-safe. */
        public static final class Builder {
            private Optional<Instant> at;
            private Optional<String> status;
            private Optional<String> error;
            private Optional<String> deliveryStatus;
            private Optional<String> deliveryError;
            private Optional<Duration> took;

            private Builder(LastRun from) {
                at = from.at;
                status = from.status;
                error = from.error;
                deliveryStatus = from.deliveryStatus;
                deliveryError = from.deliveryError;
                took = from.took;
            }

            /** See {@link LastRun#at()}. */
            public Builder at(Optional<Instant> value) {
                at = value;
                return this;
            }

            /** See {@link LastRun#status()}. */
            public Builder status(Optional<String> value) {
                status = value;
                return this;
            }

            /** See {@link LastRun#error()}. */
            public Builder error(Optional<String> value) {
                error = value;
                return this;
            }

            /** See {@link LastRun#deliveryStatus()}. */
            public Builder deliveryStatus(Optional<String> value) {
                deliveryStatus = value;
                return this;
            }

            /** See {@link LastRun#deliveryError()}. */
            public Builder deliveryError(Optional<String> value) {
                deliveryError = value;
                return this;
            }

            /** See {@link LastRun#took()}. */
            public Builder took(Optional<Duration> value) {
                took = value;
                return this;
            }

            /** The run. */
            public LastRun build() {
                return new LastRun(at, status, error, deliveryStatus, deliveryError, took);
            }
        }
    }

    public EngineState {
        Objects.requireNonNull(state);
        Objects.requireNonNull(nextRunAt);
        Objects.requireNonNull(dueAt);
        Objects.requireNonNull(lastScheduledAt);
        Objects.requireNonNull(lastRun);
        Objects.requireNonNull(skipping);
        if (completedCount < 0 || runCount < 0 || failureStreak < 0) {
            throw new IllegalArgumentException("counts cannot be negative");
        }
    }

    /** A new job's state before its first instant is computed. */
    public static EngineState fresh() {
        return new EngineState(
                JobState.SCHEDULED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                LastRun.NONE,
                Optional.empty());
    }

    /** A builder that begins with everything of this state. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes some parts. Not thread-safe. */
    public static final class Builder {
        private JobState state;
        private Optional<Instant> nextRunAt;
        private Optional<Instant> dueAt;
        private Optional<Instant> lastScheduledAt;
        private int completedCount;
        private long runCount;
        private int failureStreak;
        private LastRun lastRun;
        private Optional<SkipSpan> skipping;

        private Builder(EngineState from) {
            state = from.state;
            nextRunAt = from.nextRunAt;
            dueAt = from.dueAt;
            lastScheduledAt = from.lastScheduledAt;
            completedCount = from.completedCount;
            runCount = from.runCount;
            failureStreak = from.failureStreak;
            lastRun = from.lastRun;
            skipping = from.skipping;
        }

        /** See {@link EngineState#state()}. */
        public Builder state(JobState value) {
            state = value;
            return this;
        }

        /** Sets the next nominal instant and the instant at which it is due. */
        public Builder next(Optional<Instant> nominal, Optional<Instant> due) {
            nextRunAt = nominal;
            dueAt = due;
            return this;
        }

        /** See {@link EngineState#lastScheduledAt()}. */
        public Builder lastScheduledAt(Optional<Instant> value) {
            lastScheduledAt = value;
            return this;
        }

        /** See {@link EngineState#completedCount()}. */
        public Builder completedCount(int value) {
            completedCount = value;
            return this;
        }

        /** See {@link EngineState#runCount()}. */
        public Builder runCount(long value) {
            runCount = value;
            return this;
        }

        /** See {@link EngineState#failureStreak()}. */
        public Builder failureStreak(int value) {
            failureStreak = value;
            return this;
        }

        /** See {@link EngineState#lastRun()}. */
        public Builder lastRun(LastRun value) {
            lastRun = value;
            return this;
        }

        /** See {@link EngineState#skipping()}. */
        public Builder skipping(Optional<SkipSpan> value) {
            skipping = value;
            return this;
        }

        /** The state. */
        public EngineState build() {
            return new EngineState(
                    state,
                    nextRunAt,
                    dueAt,
                    lastScheduledAt,
                    completedCount,
                    runCount,
                    failureStreak,
                    lastRun,
                    skipping);
        }
    }
}
