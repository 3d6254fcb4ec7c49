package dev.kairos.builtin;

import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The triggers of a provider that were spent without a claim: it is told what to arm in their place (architecture.md §3),
 * at the next look, so that who fires anew at once does not spin. What this node cannot run now is told later. A claim
 * needs no word here: it moves the job, which is told as every change is. Thread-safe.
 */
final class SpentTriggers {
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Environment environment;
    private final PendingChanges changes;

    SpentTriggers(Environment environment, PendingChanges changes) {
        this.environment = environment;
        this.changes = changes;
    }

    /** The job's trigger was spent on this. */
    void spent(String jobId, FireResult result) {
        Optional<Reason> reason = result.fold(claimed -> Optional.empty(), refused -> Optional.of(refused.reason()));
        reason.ifPresent(why -> spent(jobId, why));
    }

    private void spent(String jobId, Reason reason) {
        switch (reason) {
            case NOT_ABLE -> changes.addAt(environment.uptime().plus(LATER), jobId);
            case STORE_UNAVAILABLE -> changes.addAt(environment.uptime().plus(SOON), jobId);
            case STOPPING -> {} // whoever fires next asks what to arm
            default -> changes.add(JobChanges.of(Set.of(jobId)));
        }
    }
}
