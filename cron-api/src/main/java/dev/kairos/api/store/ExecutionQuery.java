package dev.kairos.api.store;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which executions to list.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param jobId only of this job
 * @param node only owned by this node
 * @param statuses only in one of these; empty for all
 * @param after only those that come after this one, in the order of {@link Ledger#list}: the next page
 * @param limit how many at most
 */
public record ExecutionQuery(
        Optional<String> jobId,
        Optional<String> node,
        Set<ExecutionStatus> statuses,
        Optional<Execution> after,
        int limit) {
    public ExecutionQuery {
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(node);
        Objects.requireNonNull(after);
        statuses = Set.copyOf(statuses);
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
    }

    /** The newest executions of all jobs. */
    public static ExecutionQuery newest(int limit) {
        return new ExecutionQuery(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), limit);
    }

    /** The newest executions of one job. */
    public static ExecutionQuery ofJob(String jobId, int limit) {
        return new ExecutionQuery(Optional.of(jobId), Optional.empty(), Set.of(), Optional.empty(), limit);
    }

    /** What a node owns now. */
    public static ExecutionQuery ownedBy(String node) {
        return new ExecutionQuery(
                Optional.empty(),
                Optional.of(node),
                Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING),
                Optional.empty(),
                Integer.MAX_VALUE);
    }

    /** The same query for some statuses only. */
    public ExecutionQuery in(Set<ExecutionStatus> only) {
        return new ExecutionQuery(jobId, node, only, after, limit);
    }

    /** The same query from behind an execution on. */
    public ExecutionQuery after(Execution last) {
        return new ExecutionQuery(jobId, node, statuses, Optional.of(last), limit);
    }
}
