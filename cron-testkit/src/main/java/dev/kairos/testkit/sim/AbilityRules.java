package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where processes differ and jobs share bounds: nobody owns what it cannot run, and of the jobs of a tag no more are owned at
 * any moment than its bound, whoever dies and whatever is recovered; what still runs of a removed job does not count.
 */
final class AbilityRules implements Step.Rule {
    private final SimWorld world;
    /** The executions that somebody owns, by tag. */
    private final Map<String, Set<String>> owned = new HashMap<>();

    private final Map<String, Long> fullAt = new HashMap<>();

    AbilityRules(SimWorld world) {
        this.world = world;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        Optional<JobDefinition> definition =
                step.before().job().or(() -> step.after().job()).map(Job::definition);
        if (definition.isEmpty()) {
            return; // of a removed job: it counts no more
        }
        for (Step.RowChange change : step.rowChanges()) {
            checkOwner(change, definition.get(), violation);
        }
        for (String tag : world.bounds.of(definition.get())) {
            count(tag, step, violation);
        }
    }

    private void checkOwner(Step.RowChange change, JobDefinition definition, Consumer<String> violation) {
        Execution after = change.after();
        if (after == null || !after.status().isOwned()) {
            return;
        }
        SimProcess owner = world.processOf(after.node().orElseThrow());
        if (!owner.abilities().include(definition)) {
            violation.accept(owner.name + " owns what it cannot run: " + after + " " + definition.tags());
        }
    }

    private void count(String tag, Step step, Consumer<String> violation) {
        Set<String> rows = owned.computeIfAbsent(tag, key -> new HashSet<>());
        boolean wasFull = isFull(tag);
        for (Step.RowChange change : step.rowChanges()) {
            Execution after = change.after();
            if (after != null && after.status().isOwned()) {
                rows.add(after.id());
            } else {
                Optional.ofNullable(change.before()).map(Execution::id).ifPresent(rows::remove);
            }
        }
        if (step.after().job().isEmpty()) {
            rows.removeAll(step.before().rows().keySet());
        }
        int bound = world.bounds.most().getOrDefault(tag, Integer.MAX_VALUE);
        if (rows.size() > bound) {
            violation.accept(rows.size() + " executions of jobs with tag " + tag + " are owned at once: " + rows);
        }
        if (wasFull || isFull(tag)) {
            fullAt.put(tag, world.time.now());
        }
    }

    /** Whether the job may rightly have waited since then: its bound was reached, or nobody here can run it. */
    boolean isWithheld(JobDefinition definition, Duration span) {
        long since = world.time.now() - span.toMillis();
        return world.bounds.of(definition).stream()
                        .anyMatch(tag -> isFull(tag) || fullAt.getOrDefault(tag, Long.MIN_VALUE) >= since)
                || world.nodes.stream().noneMatch(node -> node.isServing() && canRun(node.process, definition));
    }

    private boolean isFull(String tag) {
        return owned.getOrDefault(tag, Set.of()).size() >= world.bounds.most().getOrDefault(tag, Integer.MAX_VALUE);
    }

    static boolean canRun(SimProcess process, JobDefinition definition) {
        return process.abilities().include(definition);
    }
}
