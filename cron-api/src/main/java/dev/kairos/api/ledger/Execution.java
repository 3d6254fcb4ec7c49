package dev.kairos.api.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The ledger's row: one recorded attempt, or one skip. Scheduled rows are unique by (job, scheduledAt, attempt);
 * requests by their id alone. Immutable; made with {@link #builder} and changed with {@link #toBuilder}.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Execution {
    private final String id;
    private final String jobId;
    private final Trigger trigger;
    private final Instant scheduledAt;
    private final int attempt;
    private final int failures;
    private final ExecutionStatus status;
    private final Optional<Instant> dueAt;
    private final Optional<String> node;
    private final long fence;
    private final long jobVersion;
    private final Optional<Instant> claimedAt;
    private final Optional<Instant> startedAt;
    private final Optional<Instant> finishedAt;
    private final Optional<String> reason;
    private final Optional<Missed> missed;
    private final Optional<String> error;
    private final Optional<String> failureKind;
    private final Optional<String> output;
    private final Optional<String> source;
    private final Optional<Usage> usage;

    private Execution(Builder b) {
        id = Objects.requireNonNull(b.id);
        jobId = Objects.requireNonNull(b.jobId);
        trigger = b.trigger;
        scheduledAt = Objects.requireNonNull(b.scheduledAt);
        attempt = b.attempt;
        failures = b.failures;
        status = b.status;
        dueAt = b.dueAt;
        node = b.node;
        fence = b.fence;
        jobVersion = b.jobVersion;
        claimedAt = b.claimedAt;
        startedAt = b.startedAt;
        finishedAt = b.finishedAt;
        reason = b.reason;
        missed = b.missed;
        error = b.error;
        failureKind = b.failureKind;
        output = b.output;
        source = b.source;
        usage = b.usage;
        if (attempt < 1 || fence < 0) {
            throw new IllegalArgumentException("attempt " + attempt + ", fence " + fence);
        }
        if (failures < 0 || failures > attempt) {
            throw new IllegalArgumentException(failures + " failures by attempt " + attempt);
        }
        if (status.isOwned() != node.isPresent() && status.isOpen()) {
            throw new IllegalArgumentException("an open row has a node exactly while it is owned: " + status);
        }
    }

    /** A builder for attempt 1 of the given occurrence, waiting and unowned. */
    public static Builder builder(String id, String jobId, Instant scheduledAt) {
        return new Builder(id, jobId, scheduledAt);
    }

    /** A builder that begins with everything of this row. */
    public Builder toBuilder() {
        Builder b = new Builder(id, jobId, scheduledAt);
        b.trigger = trigger;
        b.attempt = attempt;
        b.failures = failures;
        b.status = status;
        b.dueAt = dueAt;
        b.node = node;
        b.fence = fence;
        b.jobVersion = jobVersion;
        b.claimedAt = claimedAt;
        b.startedAt = startedAt;
        b.finishedAt = finishedAt;
        b.reason = reason;
        b.missed = missed;
        b.error = error;
        b.failureKind = failureKind;
        b.output = output;
        b.source = source;
        b.usage = usage;
        return b;
    }

    /** Its own id: 16 hex digits. */
    public String id() {
        return id;
    }

    /** The job it belongs to; the job may have been removed. */
    public String jobId() {
        return jobId;
    }

    /** Occurrence or request. */
    public Trigger trigger() {
        return trigger;
    }

    /** The nominal instant of the occurrence, or the instant of the request. */
    public Instant scheduledAt() {
        return scheduledAt;
    }

    /** Which attempt of its run, from 1. */
    public int attempt() {
        return attempt;
    }

    /**
     * How many attempts of its run failed so that the retry budget paid for them or could not, this one included once it
     * ended so. An attempt that never started, whose node died, or that waits for somebody to sign in is none of them.
     */
    public int failures() {
        return failures;
    }

    /** Where it stands. */
    public ExecutionStatus status() {
        return status;
    }

    /**
     * When a waiting row may be taken, or an owned one may start; empty for a waiting row that is held until the run
     * before it ends (or its job is resumed), which makes it due in that same write.
     */
    public Optional<Instant> dueAt() {
        return dueAt;
    }

    /** The node that owns or owned it. */
    public Optional<String> node() {
        return node;
    }

    /** The fencing token: every write by an owner names it, and it grows with each change of owner. */
    public long fence() {
        return fence;
    }

    /** The job's version its claim or start mark saw; 0 where none did. */
    public long jobVersion() {
        return jobVersion;
    }

    /** When it was claimed. */
    public Optional<Instant> claimedAt() {
        return claimedAt;
    }

    /** When its start mark was written. */
    public Optional<Instant> startedAt() {
        return startedAt;
    }

    /** When it ended. */
    public Optional<Instant> finishedAt() {
        return finishedAt;
    }

    /** Why it was skipped, cancelled, runs late or is silent: a word, or words after a colon. */
    public Optional<String> reason() {
        return reason;
    }

    /** The other occurrences this row stands for. */
    public Optional<Missed> missed() {
        return missed;
    }

    /** The failure message, redacted. */
    public Optional<String> error() {
        return error;
    }

    /** The failure's kind, the word of a {@code FailureKind}. */
    public Optional<String> failureKind() {
        return failureKind;
    }

    /** The output file, relative to the home's output folder. */
    public Optional<String> output() {
        return output;
    }

    /** What pulled the trigger: the provider's name, {@code cli}, {@code mcp}, {@code backstop}. */
    public Optional<String> source() {
        return source;
    }

    /** What an agent's attempt used of its model, where its runner said. */
    public Optional<Usage> usage() {
        return usage;
    }

    /** How long the attempt ran, once it ended. */
    public Optional<Duration> took() {
        return startedAt.flatMap(from -> finishedAt.map(to -> Duration.between(from, to)));
    }

    /** Whether its work began and is over: a claim may be given back, and what lacks its configuration never begins. */
    public boolean hasRun() {
        return startedAt.isPresent()
                && !status.isOpen()
                && status != ExecutionStatus.SKIPPED
                && status != ExecutionStatus.BLOCKED_CONFIG;
    }

    /** Whether a node holds it for an instant that has not come: nothing of it runs yet, marked or not. */
    public boolean isAhead(Instant now) {
        return status.isOwned() && dueAt().filter(now::isBefore).isPresent();
    }

    @Override
    public String toString() {
        return "Execution[" + id + " job=" + jobId + " at=" + scheduledAt + " attempt=" + attempt + " " + status.word()
                + " fence=" + fence + "]";
    }

    /** Collects a row's parts. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String jobId;
        private final Instant scheduledAt;
        private Trigger trigger = Trigger.SCHEDULE;
        private int attempt = 1;
        private int failures;
        private ExecutionStatus status = ExecutionStatus.QUEUED;
        private Optional<Instant> dueAt;
        private Optional<String> node = Optional.empty();
        private long fence;
        private long jobVersion;
        private Optional<Instant> claimedAt = Optional.empty();
        private Optional<Instant> startedAt = Optional.empty();
        private Optional<Instant> finishedAt = Optional.empty();
        private Optional<String> reason = Optional.empty();
        private Optional<Missed> missed = Optional.empty();
        private Optional<String> error = Optional.empty();
        private Optional<String> failureKind = Optional.empty();
        private Optional<String> output = Optional.empty();
        private Optional<String> source = Optional.empty();
        private Optional<Usage> usage = Optional.empty();

        private Builder(String id, String jobId, Instant scheduledAt) {
            this.id = id;
            this.jobId = jobId;
            this.scheduledAt = scheduledAt;
            this.dueAt = Optional.of(scheduledAt);
        }

        /** See {@link Execution#trigger()}. */
        public Builder trigger(Trigger value) {
            trigger = value;
            return this;
        }

        /** See {@link Execution#attempt()}. */
        public Builder attempt(int value) {
            attempt = value;
            return this;
        }

        /** See {@link Execution#failures()}. */
        public Builder failures(int value) {
            failures = value;
            return this;
        }

        /** See {@link Execution#status()}. */
        public Builder status(ExecutionStatus value) {
            status = value;
            return this;
        }

        /** See {@link Execution#dueAt()}. */
        public Builder dueAt(Instant value) {
            dueAt = Optional.of(value);
            return this;
        }

        /** Holds a waiting row until another write makes it due. */
        public Builder held() {
            dueAt = Optional.empty();
            return this;
        }

        /** See {@link Execution#fence()}. */
        public Builder fence(long value) {
            fence = value;
            return this;
        }

        /** See {@link Execution#jobVersion()}. */
        public Builder jobVersion(long value) {
            jobVersion = value;
            return this;
        }

        /** See {@link Execution#node()}. */
        public Builder node(String value) {
            node = Optional.of(value);
            return this;
        }

        /** See {@link Execution#claimedAt()}. */
        public Builder claimedAt(Instant value) {
            claimedAt = Optional.of(value);
            return this;
        }

        /** See {@link Execution#startedAt()}. */
        public Builder startedAt(Instant value) {
            startedAt = Optional.of(value);
            return this;
        }

        /** See {@link Execution#finishedAt()}. */
        public Builder finishedAt(Instant value) {
            finishedAt = Optional.of(value);
            return this;
        }

        /** See {@link Execution#reason()}. */
        public Builder reason(String value) {
            reason = Optional.of(value);
            return this;
        }

        /** See {@link Execution#missed()}. */
        public Builder missed(Missed value) {
            missed = Optional.of(value);
            return this;
        }

        /** See {@link Execution#error()}. */
        public Builder error(String value) {
            error = Optional.of(value);
            return this;
        }

        /** See {@link Execution#failureKind()}. */
        public Builder failureKind(String value) {
            failureKind = Optional.of(value);
            return this;
        }

        /** See {@link Execution#output()}. */
        public Builder output(String value) {
            output = Optional.of(value);
            return this;
        }

        /** See {@link Execution#usage()}. */
        public Builder usage(Usage value) {
            usage = Optional.of(value);
            return this;
        }

        /** See {@link Execution#source()}. */
        public Builder source(String value) {
            source = Optional.of(value);
            return this;
        }

        /** Takes the owner away: the row waits for any able node. */
        public Builder unowned() {
            node = Optional.empty();
            return this;
        }

        /** Takes the start mark back: the work never began. */
        public Builder unstarted() {
            startedAt = Optional.empty();
            return this;
        }

        /** The row. */
        public Execution build() {
            return new Execution(this);
        }
    }
}
