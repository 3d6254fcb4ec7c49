package dev.kairos.orchestrator;

import dev.kairos.api.job.Misfire;
import dev.kairos.api.store.TagBounds;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the configuration decides about firing, running and sending. Immutable; see behaviour.md §8 for the keys.
 *
 * <p>Status: internal.
 */
public final class OrchestratorSettings {
    private final int maxParallelJobs;
    private final int maxParallelSends;
    private final Misfire misfire;
    private final int agentRetries;
    private final int otherRetries;
    private final Duration retryBackoff;
    private final Duration retryMaxBackoff;
    private final List<Duration> deliveryBackoff;
    private final Duration ledgerAge;
    private final int ledgerRows;
    private final TagBounds tagBounds;

    private OrchestratorSettings(Builder b) {
        maxParallelJobs = b.maxParallelJobs;
        maxParallelSends = b.maxParallelSends;
        misfire = b.misfire;
        agentRetries = b.agentRetries;
        otherRetries = b.otherRetries;
        retryBackoff = b.retryBackoff;
        retryMaxBackoff = b.retryMaxBackoff;
        deliveryBackoff = List.copyOf(b.deliveryBackoff);
        ledgerAge = b.ledgerAge;
        ledgerRows = b.ledgerRows;
        tagBounds = b.tagBounds;
        if (maxParallelJobs < 1 || maxParallelSends < 1) {
            throw new IllegalArgumentException("at least one job and one send at a time");
        }
    }

    /** The defaults of behaviour.md. */
    public static Builder builder() {
        return new Builder();
    }

    /** Runs at a time on this node. */
    public int maxParallelJobs() {
        return maxParallelJobs;
    }

    /** Runs at a time of jobs with a tag, on all nodes together. */
    public TagBounds tagBounds() {
        return tagBounds;
    }

    /** Sends at a time on this node. */
    public int maxParallelSends() {
        return maxParallelSends;
    }

    /** Policy and grace of jobs that say nothing. */
    public Misfire misfire() {
        return misfire;
    }

    /** Further attempts of agent jobs. */
    public int agentRetries() {
        return agentRetries;
    }

    /** Further attempts of scripts and handlers. */
    public int otherRetries() {
        return otherRetries;
    }

    /** The wait before the first retry of an attempt. */
    public Duration retryBackoff() {
        return retryBackoff;
    }

    /** The longest wait before a retry of an attempt. */
    public Duration retryMaxBackoff() {
        return retryMaxBackoff;
    }

    /** The waits before the retries of a delivery; their number is the number of retries. */
    public List<Duration> deliveryBackoff() {
        return deliveryBackoff;
    }

    /** How long ended rows are kept. */
    public Duration ledgerAge() {
        return ledgerAge;
    }

    /** How many rows of one job are kept. */
    public int ledgerRows() {
        return ledgerRows;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private int maxParallelJobs = 8;
        private int maxParallelSends = 8;
        private Misfire misfire = Misfire.DEFAULT;
        private int agentRetries = 2;
        private int otherRetries;
        private Duration retryBackoff = Duration.ofMillis(500);
        private Duration retryMaxBackoff = Duration.ofSeconds(30);
        private List<Duration> deliveryBackoff =
                List.of(Duration.ofSeconds(60), Duration.ofSeconds(300), Duration.ofSeconds(1_800));
        private Duration ledgerAge = Duration.ofDays(7);
        private int ledgerRows = 10_000;
        private TagBounds tagBounds = TagBounds.NONE;

        private Builder() {}

        /** See {@link OrchestratorSettings#maxParallelJobs()}. */
        public Builder maxParallelJobs(int value) {
            maxParallelJobs = value;
            return this;
        }

        /** See {@link OrchestratorSettings#tagBounds()}. */
        public Builder tagBounds(TagBounds value) {
            tagBounds = Objects.requireNonNull(value);
            return this;
        }

        /** See {@link OrchestratorSettings#maxParallelSends()}. */
        public Builder maxParallelSends(int value) {
            maxParallelSends = value;
            return this;
        }

        /** See {@link OrchestratorSettings#misfire()}. */
        public Builder misfire(Misfire value) {
            misfire = Objects.requireNonNull(value);
            return this;
        }

        /** One number for every kind of work, as {@code cron.retry.max_retries} sets it. */
        public Builder maxRetries(int value) {
            agentRetries = value;
            otherRetries = value;
            return this;
        }

        /** See {@link OrchestratorSettings#retryBackoff()} and {@link OrchestratorSettings#retryMaxBackoff()}. */
        public Builder retryBackoff(Duration first, Duration longest) {
            retryBackoff = Objects.requireNonNull(first);
            retryMaxBackoff = Objects.requireNonNull(longest);
            return this;
        }

        /** See {@link OrchestratorSettings#deliveryBackoff()}. */
        public Builder deliveryBackoff(List<Duration> value) {
            deliveryBackoff = value;
            return this;
        }

        /** See {@link OrchestratorSettings#ledgerAge()} and {@link OrchestratorSettings#ledgerRows()}. */
        public Builder ledger(Duration age, int rows) {
            ledgerAge = Objects.requireNonNull(age);
            ledgerRows = rows;
            return this;
        }

        /** The settings. */
        public OrchestratorSettings build() {
            return new OrchestratorSettings(this);
        }
    }
}
