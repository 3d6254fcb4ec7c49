package dev.kairos.provider.chronos;

import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which job is armed at what instant, as far as this process knows, and under which key. Told by the portal's list, by
 * what this process armed and by the fires that came. Thread-safe.
 */
final class Registrations {
    /** A portal may keep instants less finely than the store does; what is so near is the same. */
    private static final Duration SAME = Duration.ofSeconds(1);

    /** What is past is armed so soon after now. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How long after its instant a trigger may still be on its way. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

    private final Map<String, Entry> entries = new HashMap<>();
    private boolean isKnown;

    /**
     * A one-shot to be.
     *
     * @param jobId whose
     * @param fireAt when
     * @param rearms how often the same instant was armed before
     */
    record Shot(String jobId, Instant fireAt, int rearms) {
        /** The key under which the portal takes it once: job and instant, with a number where the instant returns. */
        String dedupKey() {
            return jobId + ":" + fireAt + (rearms == 0 ? "" : ":" + rearms);
        }
    }

    private record Entry(Shot shot, boolean isArmed) {}

    /** Whether the portal's list was ever read. */
    synchronized boolean isKnown() {
        return isKnown;
    }

    /** What the portal has armed; the instant is empty where it cannot be read. */
    synchronized void learn(Map<String, Optional<Instant>> armed) {
        isKnown = true;
        entries.replaceAll((jobId, entry) -> new Entry(entry.shot(), false));
        armed.forEach((jobId, at) -> {
            Instant fireAt = at.orElse(Instant.EPOCH);
            Entry before = entries.get(jobId);
            if (before != null && isSame(before.shot().fireAt(), fireAt)) {
                entries.put(jobId, new Entry(before.shot(), true));
            } else {
                entries.put(jobId, new Entry(new Shot(jobId, fireAt, 0), true));
            }
        });
    }

    /**
     * What is still to be armed so that the job fires at the instant; empty if it will anyway.
     *
     * @param dueAt when the job is due, or something else waits for
     */
    synchronized Optional<Shot> missing(String jobId, Instant dueAt, Instant now) {
        Instant due = onTheMillisecond(dueAt);
        Entry entry = entries.get(jobId);
        if (entry != null && entry.isArmed() && suffices(jobId, entry.shot().fireAt(), due, now)) {
            return Optional.empty();
        }
        Instant fireAt = due.isAfter(now) ? due : onTheMillisecond(now.plus(SOON));
        if (entry != null && entry.shot().fireAt().equals(fireAt)) {
            return Optional.of(new Shot(jobId, fireAt, entry.shot().rearms() + 1));
        }
        return Optional.of(new Shot(jobId, fireAt, 0));
    }

    private static boolean suffices(String jobId, Instant armed, Instant due, Instant now) {
        if (jobId.equals(Job.WAKE_ID)) { // moves with each look while something is open; an earlier one looks again
            return armed.isAfter(now) && armed.isBefore(due.plus(SAME));
        }
        if (due.isAfter(now)) {
            return isSame(armed, due);
        }
        return !armed.isBefore(due) // or it takes an occurrence no later than its own instant, and this one is
                && armed.isAfter(now.minus(ON_ITS_WAY))
                && !armed.isAfter(now.plus(SOON).plus(SAME));
    }

    /** The portal took it. */
    synchronized void armed(Shot shot) {
        entries.put(shot.jobId(), new Entry(shot, true));
    }

    /** The portal has nothing of the job any more. */
    synchronized void cancelled(String jobId) {
        entries.remove(jobId);
    }

    /**
     * The trigger came and is used up.
     *
     * @param fireAt the instant it was armed for; empty if it did not say
     */
    synchronized void spent(String jobId, Optional<Instant> fireAt) {
        Entry entry = entries.get(jobId);
        if (entry != null && fireAt.map(at -> isSame(entry.shot().fireAt(), at)).orElse(true)) {
            entries.put(jobId, new Entry(entry.shot(), false));
        }
    }

    /** The jobs that are armed although none of these wants it. */
    synchronized List<String> orphans(Set<String> wanted) {
        entries.values()
                .removeIf(entry ->
                        !entry.isArmed() && !wanted.contains(entry.shot().jobId()));
        return entries.keySet().stream()
                .filter(jobId -> !wanted.contains(jobId))
                .sorted()
                .toList();
    }

    /** The portal's time travels in milliseconds; a trigger must not come before what it is for. */
    private static Instant onTheMillisecond(Instant at) {
        Instant floor = at.truncatedTo(ChronoUnit.MILLIS);
        return floor.equals(at) ? at : floor.plusMillis(1);
    }

    private static boolean isSame(Instant a, Instant b) {
        return Duration.between(a, b).abs().compareTo(SAME) < 0;
    }
}
