package dev.kairos.builtin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a runtime is.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param isStarted whether it is a member of the store's nodes and fires
 * @param node its id in the store
 * @param provider which provider pulls the trigger
 * @param passes the ticker's passes; empty where no ticker runs
 * @param nextDueAt when something is due next that this node can run
 * @param running ids of the executions in its hands
 * @param stuckJobs jobs whose thread ignored its end
 * @param counts how many jobs and deliveries stand where
 */
public record RuntimeStatus(
        boolean isStarted,
        Optional<String> node,
        ProviderStatus provider,
        Optional<Passes> passes,
        Optional<Instant> nextDueAt,
        List<String> running,
        List<String> stuckJobs,
        Counts counts) {
    /**
     * The ticker's passes.
     *
     * @param alive when the ticker last gave a sign of life
     * @param lastClean when a pass last ended cleanly
     * @param lastError what the last failed pass said, until one is clean again
     */
    public record Passes(Instant alive, Optional<Instant> lastClean, Optional<String> lastError) {
        public Passes {
            Objects.requireNonNull(alive);
            Objects.requireNonNull(lastClean);
            Objects.requireNonNull(lastError);
        }
    }

    /**
     * How many stand where.
     *
     * @param jobs all jobs
     * @param scheduled jobs that can come due
     * @param paused paused jobs
     * @param completed jobs that will not come due again
     * @param inError jobs set aside with a reason
     * @param deliveriesWaiting envelopes that wait for an attempt
     */
    public record Counts(int jobs, int scheduled, int paused, int completed, int inError, int deliveriesWaiting) {}

    public RuntimeStatus {
        Objects.requireNonNull(node);
        Objects.requireNonNull(provider);
        Objects.requireNonNull(passes);
        Objects.requireNonNull(nextDueAt);
        running = List.copyOf(running);
        stuckJobs = List.copyOf(stuckJobs);
        Objects.requireNonNull(counts);
    }

    /** Whether it fires and its last pass was clean. */
    public boolean isHealthy() {
        return isStarted && passes.flatMap(Passes::lastError).isEmpty() && stuckJobs.isEmpty();
    }
}
