package dev.kairos.orchestrator.memory;

import dev.kairos.api.ledger.Execution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The executions, by id and by job. Not thread-safe. */
final class Rows {
    static final Comparator<Execution> NEWEST_FIRST = Comparator.comparing(Execution::scheduledAt)
            .thenComparing(Execution::attempt)
            .thenComparing(Execution::id)
            .reversed();

    private static final JobRows NONE = new JobRows();

    private final MemoryState state;
    private final Map<String, Execution> byId = new HashMap<>();
    private final Map<String, JobRows> byJob = new HashMap<>();
    private final Set<String> withOpen = new HashSet<>();

    Rows(MemoryState state) {
        this.state = state;
    }

    @Nullable
    Execution find(String id) {
        return byId.get(id);
    }

    List<Execution> open(String jobId) {
        return ofJob(jobId).open();
    }

    List<Execution> allOpen() {
        List<Execution> open = new ArrayList<>();
        withOpen.forEach(jobId -> open.addAll(ofJob(jobId).open()));
        open.sort(NEWEST_FIRST);
        return open;
    }

    JobRows ofJob(String jobId) {
        return byJob.getOrDefault(jobId, NONE);
    }

    Map<String, JobRows> perJob() {
        return byJob;
    }

    /** All of them, newest first, put in order as far as they are asked for. */
    Stream<Execution> newestFirst() {
        PriorityQueue<Cursor> cursors = new PriorityQueue<>();
        byJob.values().forEach(rows -> cursors.add(new Cursor(rows, rows.size() - 1)));
        return Stream.generate(() -> next(cursors)).limit(byId.size());
    }

    private static Execution next(PriorityQueue<Cursor> cursors) {
        Cursor newest = cursors.remove();
        if (newest.place() > 0) {
            cursors.add(new Cursor(newest.rows(), newest.place() - 1));
        }
        return newest.row();
    }

    /** How far one job's rows have been told of. */
    private record Cursor(JobRows rows, int place) implements Comparable<Cursor> {
        Execution row() {
            return rows.get(place);
        }

        @Override
        public int compareTo(Cursor other) {
            return NEWEST_FIRST.compare(row(), other.row());
        }
    }

    /** Inserts or replaces; false, and nothing changed, if another row has the key. */
    boolean put(Execution row) {
        if (ofJob(row.jobId()).isKeyTaken(row)) {
            return false;
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
        String jobId = before == null ? Objects.requireNonNull(after).jobId() : before.jobId();
        JobRows rows = byJob.computeIfAbsent(jobId, id -> new JobRows());
        if (before != null) {
            byId.remove(before.id());
            rows.remove(before);
        }
        if (after != null) {
            byId.put(after.id(), after);
            rows.add(after);
        }
        if (rows.isEmpty()) {
            byJob.remove(jobId);
        }
        if (rows.hasOpen()) {
            withOpen.add(jobId);
        } else {
            withOpen.remove(jobId);
        }
    }
}
