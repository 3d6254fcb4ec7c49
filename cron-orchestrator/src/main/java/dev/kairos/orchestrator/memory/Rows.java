package dev.kairos.orchestrator.memory;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The executions with their orders and their key. Not thread-safe. */
final class Rows {
    static final Comparator<Execution> NEWEST_FIRST = Comparator.comparing(Execution::scheduledAt)
            .thenComparing(Execution::attempt)
            .thenComparing(Execution::id)
            .reversed();

    private static final Comparator<Execution> OLDEST_DUE_FIRST = Comparator.<Execution, Instant>comparing(
                    row -> row.dueAt().orElse(Instant.MAX))
            .thenComparing(Execution::scheduledAt)
            .thenComparing(Execution::attempt)
            .thenComparing(Execution::id);

    private final MemoryState state;
    private final Map<String, Execution> byId = new HashMap<>();
    private final Map<MemoryState.Key, String> byKey = new HashMap<>();
    private final TreeSet<Execution> newest = new TreeSet<>(NEWEST_FIRST);
    private final Map<String, TreeSet<Execution>> byJob = new HashMap<>();
    private final Map<String, TreeSet<Execution>> openByJob = new HashMap<>();

    Rows(MemoryState state) {
        this.state = state;
    }

    @Nullable
    Execution find(String id) {
        return byId.get(id);
    }

    List<Execution> open(String jobId) {
        TreeSet<Execution> open = openByJob.get(jobId);
        return open == null ? List.of() : List.copyOf(open);
    }

    List<Execution> allOpen() {
        List<Execution> open = new ArrayList<>();
        openByJob.values().forEach(open::addAll);
        open.sort(NEWEST_FIRST);
        return open;
    }

    NavigableSet<Execution> all() {
        return newest;
    }

    NavigableSet<Execution> ofJob(String jobId) {
        TreeSet<Execution> rows = byJob.get(jobId);
        return rows == null ? new TreeSet<>(NEWEST_FIRST) : rows;
    }

    Iterable<Map.Entry<String, TreeSet<Execution>>> perJob() {
        return byJob.entrySet();
    }

    /** Inserts or replaces; false, and nothing changed, if another row has the key. */
    boolean put(Execution row) {
        if (row.trigger() == Trigger.SCHEDULE) {
            String holder = byKey.get(MemoryState.Key.of(row));
            if (holder != null && !holder.equals(row.id())) {
                return false;
            }
        }
        Execution before = byId.get(row.id());
        if (before != null && !before.jobId().equals(row.jobId())) {
            throw new IllegalArgumentException("execution " + row.id() + " belongs to job " + before.jobId());
        }
        replace(before, row);
        state.onUndo(() -> replace(row, before));
        state.touch(row.jobId());
        return true;
    }

    void delete(Execution row) {
        replace(row, null);
        state.onUndo(() -> replace(null, row));
        state.touch(row.jobId());
    }

    private void replace(@Nullable Execution before, @Nullable Execution after) {
        if (before != null) {
            byId.remove(before.id());
            if (before.trigger() == Trigger.SCHEDULE) {
                byKey.remove(MemoryState.Key.of(before));
            }
            newest.remove(before);
            drop(byJob, before);
            if (before.status().isOpen()) {
                drop(openByJob, before);
            }
        }
        if (after != null) {
            byId.put(after.id(), after);
            if (after.trigger() == Trigger.SCHEDULE) {
                byKey.put(MemoryState.Key.of(after), after.id());
            }
            newest.add(after);
            byJob.computeIfAbsent(after.jobId(), id -> new TreeSet<>(NEWEST_FIRST))
                    .add(after);
            if (after.status().isOpen()) {
                openByJob
                        .computeIfAbsent(after.jobId(), id -> new TreeSet<>(OLDEST_DUE_FIRST))
                        .add(after);
            }
        }
    }

    private static void drop(Map<String, TreeSet<Execution>> map, Execution row) {
        TreeSet<Execution> set = map.get(row.jobId());
        if (set != null && set.remove(row) && set.isEmpty()) {
            map.remove(row.jobId());
        }
    }
}
