package dev.kairos.orchestrator.memory;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.StoreException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /** A definition that was replaced or removed: it stood from one revision until before another. */
    private record Past(String jobId, JobDefinition definition, long from, long until) {}

    private record Offer(String ability, Optional<Due> job, Optional<Due> row) {}

    final Rows rows = new Rows(this);
    final Envelopes envelopes = new Envelopes(this);
    final TreeMap<String, Lease> leases = new TreeMap<>();
    final TreeMap<String, String> facts = new TreeMap<>();
    final DueIndex dueJobs = new DueIndex();
    final DueIndex dueRows = new DueIndex();

    private final TreeMap<String, Job> jobs = new TreeMap<>();
    private final Map<String, Long> definedAt = new HashMap<>();
    private final Deque<Past> past = new ArrayDeque<>();
    private final TreeMap<Long, String> moves = new TreeMap<>();
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
        return jobs.values().stream().map(Job::forHost).toList();
    }

    /** As it is kept. */
    @Nullable
    Job job(String id) {
        return jobs.get(id);
    }

    /** As the host sees it. */
    Optional<Job> find(String id) {
        return Optional.ofNullable(jobs.get(id)).map(Job::forHost);
    }

    Set<String> movedAfter(long since) {
        return Set.copyOf(moves.tailMap(since, false).values());
    }

    JobView view(String jobId) {
        return new JobView(jobId, find(jobId), rows.open(jobId));
    }

    Optional<Map<String, JobDefinition>> definitionsAt(long asked) {
        if (asked < 0 || asked > revision || asked <= revision - KEPT_REVISIONS) {
            return Optional.empty();
        }
        Map<String, JobDefinition> definitions = new TreeMap<>();
        jobs.forEach((id, job) -> {
            if (definedAt.getOrDefault(id, 0L) <= asked) {
                definitions.put(id, job.definition());
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
        Job before = jobs.put(job.id(), job);
        undo.add(() -> restore(job.id(), before));
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
        Job before = jobs.remove(jobId);
        Long defined = definedAt.remove(jobId);
        removals.addLast(jobId);
        undo.add(() -> {
            restore(jobId, before);
            restoreIn(definedAt, jobId, defined);
            removals.removeLast();
        });
        touched.add(jobId);
    }

    /** Puts the job among those that moved. */
    void move(String jobId) {
        long next = ++cursor;
        Long before = moveOf.put(jobId, next);
        if (before != null) {
            moves.remove(before);
        }
        moves.put(next, jobId);
        undo.add(() -> {
            moves.remove(next);
            restoreIn(moveOf, jobId, before);
            if (before != null) {
                moves.put(before, jobId);
            }
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
        reindex();
    }

    void rollBack() {
        rollBackTo(0);
        revised = false;
        reindex();
    }

    private void forget(String jobId) {
        if (!jobs.containsKey(jobId) && !removals.contains(jobId)) {
            Long move = moveOf.remove(jobId);
            if (move != null) {
                moves.remove(move);
            }
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
        Job before = jobs.get(jobId);
        if (before != null) {
            past.addLast(new Past(jobId, before.definition(), definedAt.getOrDefault(jobId, 0L), revision));
            undo.add(past::removeLast);
        }
    }

    private void restore(String jobId, @Nullable Job job) {
        restoreIn(jobs, jobId, job);
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
        Offer old = offers.remove(jobId);
        if (old != null) {
            old.job().ifPresent(due -> dueJobs.remove(old.ability(), due));
            old.row().ifPresent(due -> dueRows.remove(old.ability(), due));
        }
        Job job = jobs.get(jobId);
        if (job == null || job.definition().fault().isPresent()) {
            return;
        }
        Optional<Instant> waiting = rows.open(jobId).stream()
                .filter(row -> row.status().isWaiting())
                .flatMap(row -> row.dueAt().stream())
                .min(Instant::compareTo);
        Optional<Due> jobDue = job.engine().dueAt().map(at -> new Due(at, jobId));
        Optional<Due> rowDue = waiting.map(at -> new Due(at, jobId));
        if (jobDue.isPresent() || rowDue.isPresent()) {
            String ability = Abilities.neededBy(job.definition());
            jobDue.ifPresent(due -> dueJobs.add(ability, due));
            rowDue.ifPresent(due -> dueRows.add(ability, due));
            offers.put(jobId, new Offer(ability, jobDue, rowDue));
        }
    }

    /** The key that two scheduled executions can not share. */
    record Key(String jobId, Instant scheduledAt, int attempt) {
        static Key of(Execution row) {
            return new Key(row.jobId(), row.scheduledAt(), row.attempt());
        }
    }
}
