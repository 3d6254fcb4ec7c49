package dev.kairos.builtin;

import dev.kairos.api.JobChanges;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes that wait to be told to the provider, joined. Thread-safe. */
final class PendingChanges {
    private static final int MOST = 10_000;

    private final Set<String> ids = new HashSet<>();
    private final Map<String, Duration> later = new HashMap<>();
    private boolean isUnknown;

    synchronized void add(JobChanges changes) {
        isUnknown |= changes.isUnknown();
        if (!isUnknown) {
            ids.addAll(changes.jobIds());
            isUnknown = ids.size() > MOST;
        }
        if (isUnknown) {
            ids.clear();
        }
    }

    /** The job is told when the uptime is reached. */
    synchronized void addAt(Duration uptime, String jobId) {
        if (later.size() < MOST) {
            later.putIfAbsent(jobId, uptime);
        } else {
            isUnknown = true;
        }
    }

    /** What was added since taken last, and what has had its wait by the uptime. */
    synchronized Optional<JobChanges> take(Duration uptime) {
        Set<String> due = new HashSet<>();
        later.forEach((jobId, at) -> {
            if (at.compareTo(uptime) <= 0) {
                due.add(jobId);
            }
        });
        later.keySet().removeAll(due);
        ids.addAll(due);
        Optional<JobChanges> taken = isUnknown
                ? Optional.of(JobChanges.unknown())
                : ids.isEmpty() ? Optional.empty() : Optional.of(JobChanges.of(ids));
        isUnknown = false;
        ids.clear();
        return taken;
    }
}
