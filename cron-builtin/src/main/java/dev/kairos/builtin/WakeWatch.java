package dev.kairos.builtin;

import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Notices when {@code _wake} must be armed at another instant: sooner than it was told, at all, or anew because what was
 * told has passed. On the supervisor's thread.
 */
final class WakeWatch {
    /** Only a process that ends leans on it, so that it may be a little behind. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final Environment environment;
    private final FiringCore core;
    private final Consumer<JobChanges> changes;
    private Duration nextLook = Duration.ZERO;
    private Optional<Instant> told = Optional.empty();

    WakeWatch(Environment environment, FiringCore core, Consumer<JobChanges> changes) {
        this.environment = environment;
        this.core = core;
        this.changes = changes;
    }

    void look() {
        Duration uptime = environment.uptime();
        if (uptime.compareTo(nextLook) < 0) {
            return;
        }
        nextLook = uptime.plus(LOOK);
        Optional<Instant> wanted = core.wakeAt();
        if (isNews(wanted)) {
            told = wanted;
            changes.accept(JobChanges.of(Set.of(Job.WAKE_ID)));
        }
    }

    private boolean isNews(Optional<Instant> wanted) {
        if (wanted.isEmpty() || told.isEmpty()) {
            return wanted.isPresent() != told.isPresent();
        }
        return wanted.get().isBefore(told.get().minus(TOLERANCE)) || !told.get().isAfter(environment.now());
    }
}
