package dev.kairos.orchestrator;

import dev.kairos.api.ledger.Execution;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What this node is doing now.
 *
 * <p>Status: internal.
 *
 * @param node its id in the store
 * @param running the executions in its hands
 * @param stuckJobs jobs whose thread ignored its end and still lives
 * @param mayStart whether its lease lets it start work
 * @param storeSilentSince since when, by the machine's clock, its store has not answered
 */
public record NodeReport(
        String node,
        List<Execution> running,
        List<String> stuckJobs,
        boolean mayStart,
        Optional<Instant> storeSilentSince) {
    public NodeReport {
        Objects.requireNonNull(node);
        Objects.requireNonNull(storeSilentSince);
        running = List.copyOf(running);
        stuckJobs = List.copyOf(stuckJobs);
    }
}
