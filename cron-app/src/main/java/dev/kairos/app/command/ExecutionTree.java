package dev.kairos.app.command;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Usage;
import dev.kairos.app.terminal.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An execution as a plain tree for machines, instants in UTC. */
final class ExecutionTree {
    private ExecutionTree() {}

    static Map<String, Object> of(Execution row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", row.id());
        tree.put("job", row.jobId());
        tree.put("trigger", row.trigger().word());
        tree.put("scheduled_at", TimeText.machine(row.scheduledAt()));
        tree.put("attempt", row.attempt());
        tree.put("failures", row.failures());
        tree.put("status", row.status().word());
        instant(tree, "due_at", row.dueAt());
        instant(tree, "claimed_at", row.claimedAt());
        instant(tree, "started_at", row.startedAt());
        instant(tree, "finished_at", row.finishedAt());
        row.took().map(Duration::toMillis).ifPresent(millis -> tree.put("duration_ms", millis));
        text(tree, "reason", row.reason());
        row.missed().ifPresent(missed -> {
            Map<String, Object> stretch = new LinkedHashMap<>();
            stretch.put("from", TimeText.machine(missed.from()));
            stretch.put("to", TimeText.machine(missed.to()));
            stretch.put("count", missed.count());
            tree.put("missed", stretch);
        });
        text(tree, "error", row.error());
        text(tree, "failure_kind", row.failureKind());
        text(tree, "output", row.output());
        text(tree, "node", row.node());
        text(tree, "source", row.source());
        row.usage().ifPresent(usage -> tree.put("usage", usage(usage)));
        return tree;
    }

    private static Map<String, Object> usage(Usage usage) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("model", usage.model());
        tree.put("turns", usage.turns());
        tree.put("tokens_in", usage.tokensIn());
        tree.put("tokens_out", usage.tokensOut());
        tree.put("tool_calls", usage.toolCalls());
        usage.cost().ifPresent(cost -> tree.put("cost", cost));
        return tree;
    }

    private static void instant(Map<String, Object> tree, String key, Optional<Instant> instant) {
        instant.ifPresent(value -> tree.put(key, TimeText.machine(value)));
    }

    private static void text(Map<String, Object> tree, String key, Optional<String> text) {
        text.ifPresent(value -> tree.put(key, value));
    }
}
