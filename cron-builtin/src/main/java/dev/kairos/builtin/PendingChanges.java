package dev.kairos.builtin;

import dev.kairos.api.JobChanges;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Changes that wait to be told to the provider, joined. Thread-safe. */
final class PendingChanges {
    private static final int MOST = 10_000;

    private final Set<String> ids = new HashSet<>();
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

    /** What was added since taken last. */
    synchronized Optional<JobChanges> take() {
        Optional<JobChanges> taken = isUnknown
                ? Optional.of(JobChanges.unknown())
                : ids.isEmpty() ? Optional.empty() : Optional.of(JobChanges.of(ids));
        isUnknown = false;
        ids.clear();
        return taken;
    }
}
