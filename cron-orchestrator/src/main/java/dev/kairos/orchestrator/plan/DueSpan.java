package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Missed;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The occurrences of one job that are due together: usually one, more after a stall or a downtime.
 *
 * @param first the earliest
 * @param latest the last
 * @param beforeLatest the one before the last, the last itself when it is alone
 * @param count how many
 * @param newest the last of them in order, at most {@link #KEPT}
 */
public record DueSpan(Instant first, Instant latest, Instant beforeLatest, long count, List<Instant> newest) {
    static final int KEPT = 100;

    public DueSpan {
        newest = List.copyOf(newest);
    }

    /** The occurrences from {@code first} to {@code bound}, both included; {@code first} is not after it. */
    public static DueSpan between(CompiledSchedule schedule, JobDefinition definition, Instant first, Instant bound) {
        Optional<Duration> every = definition.schedule().every();
        if (every.isPresent()) {
            return ofInterval(every.get(), first, bound);
        }
        Deque<Instant> newest = new ArrayDeque<>();
        newest.add(first);
        long count = 1;
        Optional<Instant> next = schedule.next(first, first);
        while (next.isPresent() && !next.get().isAfter(bound)) {
            count++;
            newest.addLast(next.get());
            if (newest.size() > KEPT) {
                newest.removeFirst();
            }
            next = schedule.next(next.get(), next.get());
        }
        return of(first, count, List.copyOf(newest));
    }

    private static DueSpan ofInterval(Duration every, Instant first, Instant bound) {
        long count = Duration.between(first, bound).dividedBy(every) + 1;
        Deque<Instant> newest = new ArrayDeque<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            newest.addLast(first.plus(every.multipliedBy(i)));
        }
        return of(first, count, List.copyOf(newest));
    }

    private static DueSpan of(Instant first, long count, List<Instant> newest) {
        int size = newest.size();
        return new DueSpan(first, newest.get(size - 1), newest.get(Math.max(0, size - 2)), count, newest);
    }

    /** All of them. */
    public Missed all() {
        return new Missed(first, latest, count);
    }

    /** All but the last; empty when it is alone. */
    public Optional<Missed> allButLatest() {
        return count == 1 ? Optional.empty() : Optional.of(new Missed(first, beforeLatest, count - 1));
    }

    /** Those older than the kept ones; empty when all are kept. */
    Optional<Missed> olderThan(int kept, CompiledSchedule schedule) {
        if (count <= kept) {
            return Optional.empty();
        }
        Instant firstKept = newest.get(newest.size() - kept);
        Instant lastOlder = newest.size() > kept ? newest.get(newest.size() - kept - 1) : previous(schedule, firstKept);
        return Optional.of(new Missed(first, lastOlder, count - kept));
    }

    private Instant previous(CompiledSchedule schedule, Instant before) {
        Instant at = first;
        Optional<Instant> next = schedule.next(at, at);
        while (next.isPresent() && next.get().isBefore(before)) {
            at = next.get();
            next = schedule.next(at, at);
        }
        return at;
    }
}
