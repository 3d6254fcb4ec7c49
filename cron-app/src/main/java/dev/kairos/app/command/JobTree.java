package dev.kairos.app.command;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.app.terminal.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A job as a plain tree for machines: the names of {@code jobs.json}, instants in UTC. */
final class JobTree {
    private JobTree() {}

    static Map<String, Object> of(Job job) {
        EngineState engine = job.engine();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", job.id());
        tree.putAll(job.definition().toMap());
        Map<String, Object> repeat = new LinkedHashMap<>();
        job.definition().get(JobField.REPEAT).ifPresent(times -> repeat.put("times", times));
        repeat.put("completed", engine.completedCount());
        tree.put("repeat", repeat);
        tree.put("state", engine.state().word());
        instant(tree, "next_run_at", engine.nextRunAt());
        instant(tree, "due_at", engine.dueAt());
        instant(tree, "last_scheduled_at", engine.lastScheduledAt());
        EngineState.LastRun last = engine.lastRun();
        instant(tree, "last_run_at", last.at());
        text(tree, "last_status", last.status());
        text(tree, "last_error", last.error());
        text(tree, "last_delivery_status", last.deliveryStatus());
        text(tree, "last_delivery_error", last.deliveryError());
        last.took().map(Duration::toMillis).ifPresent(millis -> tree.put("last_duration_ms", millis));
        tree.put("run_count", engine.runCount());
        tree.put("failure_streak", engine.failureStreak());
        tree.put("version", job.version());
        return tree;
    }

    private static void instant(Map<String, Object> tree, String key, Optional<Instant> instant) {
        instant.ifPresent(value -> tree.put(key, TimeText.machine(value)));
    }

    private static void text(Map<String, Object> tree, String key, Optional<String> text) {
        text.ifPresent(value -> tree.put(key, value));
    }
}
