package dev.kairos.builtin;

import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.orchestrator.Unfired;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges whether an armed provider fires: three due instants in a row that passed without an attempt in its time are
 * deafness. Time is counted from when an instant was first seen due and unclaimed, so that neither a step of the clock nor
 * another node's firing counts against the provider. Thread-safe.
 */
final class DeafnessWatch implements Attempts {
    /** So many due instants in a row without an attempt (architecture.md §3). */
    static final int IN_A_ROW = 3;

    private enum Standing {
        WAITING,
        HEARD,
        MISSED
    }

    private record Due(String jobId, Instant at) {}

    private record Seen(Duration since, Standing standing) {
        Seen now(Standing other) {
            return new Seen(since, other);
        }
    }

    private final Environment environment;
    private final Duration bound;
    private final Map<Due, Seen> open = new LinkedHashMap<>();
    private final Map<String, Duration> tried = new HashMap<>();
    private int missedInRow;
    private Optional<Due> lastMissed = Optional.empty();

    /**
     * A watch.
     *
     * @param bound how late an attempt may come
     */
    DeafnessWatch(Environment environment, Duration bound) {
        this.environment = environment;
        this.bound = bound;
    }

    /** Begins anew: the provider was armed, or fires again. */
    synchronized void begin() {
        open.clear();
        missedInRow = 0;
        lastMissed = Optional.empty();
    }

    /**
     * Looks at what is due and unclaimed now.
     *
     * @param isAll whether the list is complete
     * @return why the provider is deaf, a clause, once it is
     */
    synchronized Optional<String> look(List<Unfired> unfired, boolean isAll) {
        Duration uptime = environment.uptime();
        tried.values().removeIf(at -> uptime.minus(at).compareTo(bound) > 0);
        Set<Due> present = new java.util.LinkedHashSet<>();
        unfired.forEach(job -> job.dueAt().forEach(at -> present.add(new Due(job.jobId(), at))));
        if (isAll) {
            boolean isOneGone = open.entrySet().stream()
                    .anyMatch(entry -> !present.contains(entry.getKey())
                            && entry.getValue().standing() == Standing.WAITING);
            if (isOneGone) {
                missedInRow = 0; // somebody took it in time: another node, or a person's change
            }
            open.keySet().retainAll(present);
        }
        present.forEach(due -> open.computeIfAbsent(due, fresh -> new Seen(uptime, standingOf(fresh))));
        open.replaceAll(this::judged);
        return missedInRow < IN_A_ROW
                ? Optional.empty()
                : lastMissed.map(due -> IN_A_ROW + " due instants in a row passed without a fire, the last of job "
                        + due.jobId() + ", due " + due.at());
    }

    /** What was heard once and is due still waits for something else than the provider. */
    private Standing standingOf(Due fresh) {
        return open.entrySet().stream()
                        .anyMatch(entry -> entry.getKey().jobId().equals(fresh.jobId())
                                && entry.getValue().standing() == Standing.HEARD)
                ? Standing.HEARD
                : Standing.WAITING;
    }

    private Seen judged(Due due, Seen seen) {
        if (seen.standing() != Standing.WAITING
                || environment.uptime().minus(seen.since()).compareTo(bound) < 0) {
            return seen;
        }
        missedInRow++;
        lastMissed = Optional.of(due);
        return seen.now(Standing.MISSED);
    }

    /** Whether the provider still has its time for the job, or tried it just now: nobody takes it away. */
    synchronized boolean isSpared(String jobId) {
        return tried.containsKey(jobId)
                || open.entrySet().stream()
                        .anyMatch(entry -> entry.getKey().jobId().equals(jobId)
                                && entry.getValue().standing() == Standing.WAITING);
    }

    @Override
    public synchronized void begins(String jobId) {
        if (!jobId.equals(Job.WAKE_ID)) {
            tried.put(jobId, environment.uptime());
            heard(jobId);
        }
    }

    @Override
    public synchronized void ended(String jobId, FireResult result) {
        boolean wasDue = result.fold(
                claimed -> true, refused -> refused.reason() == Reason.TAKEN || refused.reason() == Reason.BUSY);
        boolean wasLate = open.entrySet().stream()
                .anyMatch(entry ->
                        entry.getKey().jobId().equals(jobId) && entry.getValue().standing() == Standing.MISSED);
        if (wasDue && !wasLate) {
            missedInRow = 0;
        }
    }

    @Override
    public synchronized void ticked(TickReport report) {
        Set<String> waiting = new TreeSet<>();
        boolean isAnyLate = false;
        for (Map.Entry<Due, Seen> entry : open.entrySet()) {
            isAnyLate |= entry.getValue().standing() == Standing.MISSED;
            waiting.add(entry.getKey().jobId());
        }
        waiting.forEach(this::heard);
        if (!report.fired().isEmpty() && !isAnyLate) {
            missedInRow = 0;
        }
    }

    private void heard(String jobId) {
        for (Map.Entry<Due, Seen> entry : open.entrySet()) {
            if (entry.getKey().jobId().equals(jobId) && entry.getValue().standing() == Standing.WAITING) {
                entry.setValue(entry.getValue().now(Standing.HEARD));
                missedInRow = 0;
            }
        }
    }
}
