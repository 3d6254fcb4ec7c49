package dev.kairos.orchestrator.memory;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.StoreException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, nodes and the parts that belong to them. Every change leaves its undoing behind until {@link #commit()}; the due
 * indexes are derived and are brought up to date per job. Not thread-safe.
 */
final class MemoryState {
    private static final int KEPT_REVISIONS = 50;
    private static final int KEPT_REMOVALS = 10_000;
    /** How many moves that are out of date are kept before they are swept. */
    private static final int SPARE_MOVES = 10_000;

    /** A definition that was replaced or removed: it stood from one revision until before another. */
    private record Past(String jobId, JobDefinition definition, long from, long until) {}

    /** The place of a job, so that what the engine writes of it disturbs no order. */
    private static final class Slot {
        private Job job;

        Slot(Job job) {
            this.job = job;
        }
    }

    /** That a job moved; out of date once it moved again. */
    private record Move(long at, String jobId) {}

    private record Offer(String ability, Optional<Due> job, Optional<Due> row) {}

    final Rows rows = new Rows(this);
    final Envelopes envelopes = new Envelopes(this);
    final TreeMap<String, Lease> leases = new TreeMap<>();
    final TreeMap<String, String> facts = new TreeMap<>();
    final DueIndex dueJobs = new DueIndex();
    final DueIndex dueRows = new DueIndex();

    private final Map<String, Slot> jobs = new HashMap<>();
    private final TreeMap<String, Slot> jobsInOrder = new TreeMap<>();
    private final Map<String, Long> definedAt = new HashMap<>();
    private final Deque<Past> past = new ArrayDeque<>();
    private final ArrayDeque<Move> moves = new ArrayDeque<>();
    private final Map<String, Long> moveOf = new HashMap<>();
    private final Deque<String> removals = new ArrayDeque<>();
    private final Map<String, Offer> offers = new HashMap<>();

    private final List<Runnable> undo = new ArrayList<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private long revision;
    private boolean revised;
    private long cursor;

    long revision() {
        return revision;
    }

    long cursor() {
        return cursor;
    }

    /** As the host sees them. */
    List<Job> jobs() {
        return jobsInOrder.values().stream().map(slot -> slot.job.forHost()).toList();
    }

    /** As it is kept. */
    @Nullable
    Job job(String id) {
        Slot slot = jobs.get(id);
        return slot == null ? null : slot.job;
    }

    /** As the host sees it. */
    Optional<Job> find(String id) {
        return Optional.ofNullable(job(id)).map(Job::forHost);
    }

    Set<String> movedAfter(long since) {
        Set<String> moved = new HashSet<>();
        for (Iterator<Move> latest = moves.descendingIterator(); latest.hasNext(); ) {
            Move move = latest.next();
            if (move.at() <= since) {
                break;
            }
            moved.add(move.jobId());
        }
        moved.retainAll(moveOf.keySet());
        return Set.copyOf(moved);
    }

    JobView view(String jobId) {
        return new JobView(jobId, find(jobId), rows.open(jobId));
    }

    Optional<Map<String, JobDefinition>> definitionsAt(long asked) {
        if (asked < 0 || asked > revision || asked <= revision - KEPT_REVISIONS) {
            return Optional.empty();
        }
        Map<String, JobDefinition> definitions = new TreeMap<>();
        jobsInOrder.forEach((id, slot) -> {
            if (definedAt.getOrDefault(id, 0L) <= asked) {
                definitions.put(id, slot.job.definition());
            }
        });
        for (Past one : past) {
            if (one.from() <= asked && asked < one.until()) {
                definitions.put(one.jobId(), one.definition());
            }
        }
        return Optional.of(definitions);
    }

    void requireMember(String node) {
        if (!leases.containsKey(node)) {
            throw new StoreException(
                    StoreException.Kind.NODE_LOST,
                    "Node " + node + " is no member of this store any more: it must stop its runs and join anew.",
                    null);
        }
    }

    void putEngine(Job job) {
        Job before = put(job.id(), job);
        undo.add(() -> put(job.id(), before));
        touched.add(job.id());
    }

    void putDefined(Job job) {
        retire(job.id());
        putEngine(job);
        Long before = definedAt.put(job.id(), revision);
        undo.add(() -> restoreIn(definedAt, job.id(), before));
    }

    void remove(String jobId) {
        retire(jobId);
        Job before = put(jobId, null);
        Long defined = definedAt.remove(jobId);
        removals.addLast(jobId);
        undo.add(() -> {
            put(jobId, before);
            restoreIn(definedAt, jobId, defined);
            removals.removeLast();
        });
        touched.add(jobId);
    }

    /** Puts the job among those that moved. */
    void move(String jobId) {
        long next = ++cursor;
        Long before = moveOf.put(jobId, next);
        moves.addLast(new Move(next, jobId));
        undo.add(() -> {
            moves.removeLast();
            restoreIn(moveOf, jobId, before);
            cursor = next - 1;
        });
    }

    /** How far the undo log has come, for {@link #rollBackTo}. */
    int mark() {
        return undo.size();
    }

    void rollBackTo(int mark) {
        for (int i = undo.size() - 1; i >= mark; i--) {
            undo.remove(i).run();
        }
    }

    void onUndo(Runnable step) {
        undo.add(step);
    }

    void touch(String jobId) {
        touched.add(jobId);
    }

    void commit() {
        undo.clear();
        revised = false;
        while (!past.isEmpty() && past.peekFirst().until() <= revision - KEPT_REVISIONS + 1) {
            past.removeFirst();
        }
        while (removals.size() > KEPT_REMOVALS) {
            forget(removals.removeFirst());
        }
        if (moves.size() > 2 * moveOf.size() + SPARE_MOVES) {
            moves.removeIf(move -> !Long.valueOf(move.at()).equals(moveOf.get(move.jobId())));
        }
        reindex();
    }

    void rollBack() {
        rollBackTo(0);
        revised = false;
        reindex();
    }

    private void forget(String jobId) {
        if (!jobs.containsKey(jobId) && !removals.contains(jobId)) {
            moveOf.remove(jobId);
        }
    }

    /** Begins the transaction's revision and keeps the definition that stood before it. */
    private void retire(String jobId) {
        if (!revised) {
            revised = true;
            revision++;
            undo.add(() -> {
                revised = false;
                revision--;
            });
        }
        Job before = job(jobId);
        if (before != null) {
            past.addLast(new Past(jobId, before.definition(), definedAt.getOrDefault(jobId, 0L), revision));
            undo.add(past::removeLast);
        }
    }

    private @Nullable Job put(String jobId, @Nullable Job job) {
        Slot slot = jobs.get(jobId);
        Job before = slot == null ? null : slot.job;
        if (job == null) {
            jobs.remove(jobId);
            jobsInOrder.remove(jobId);
        } else if (slot == null) {
            Slot made = new Slot(job);
            jobs.put(jobId, made);
            jobsInOrder.put(jobId, made);
        } else {
            slot.job = job;
        }
        return before;
    }

    private static <K, V> void restoreIn(Map<K, V> map, K key, @Nullable V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private void reindex() {
        touched.forEach(this::reindex);
        touched.clear();
    }

    private void reindex(String jobId) {
        Offer old = offers.get(jobId);
        Offer present = offer(jobId);
        if (Objects.equals(old, present)) {
            return;
        }
        if (old != null) {
            old.job().ifPresent(due -> dueJobs.remove(old.ability(), due));
            old.row().ifPresent(due -> dueRows.remove(old.ability(), due));
        }
        if (present == null) {
            offers.remove(jobId);
        } else {
            present.job().ifPresent(due -> dueJobs.add(present.ability(), due));
            present.row().ifPresent(due -> dueRows.add(present.ability(), due));
            offers.put(jobId, present);
        }
    }

    private @Nullable Offer offer(String jobId) {
        Job job = job(jobId);
        if (job == null || job.definition().fault().isPresent()) {
            return null;
        }
        Instant waiting = rows.ofJob(jobId).waitingDueAt();
        Optional<Due> jobDue = job.engine().dueAt().map(at -> new Due(at, jobId));
        Optional<Due> rowDue = Optional.ofNullable(waiting).map(at -> new Due(at, jobId));
        return jobDue.isPresent() || rowDue.isPresent()
                ? new Offer(Abilities.neededBy(job.definition()), jobDue, rowDue)
                : null;
    }
}
