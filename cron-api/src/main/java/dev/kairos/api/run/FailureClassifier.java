package dev.kairos.api.run;

import java.util.Optional;

/**
 * Judges what kind a failure is; the kind decides about a retry. A plug-in implements it; the first classifier that
 * answers counts, the host's own comes last, and where none answers the runner's word stands.
 *
 * <p>Called on the run's thread, overlapping with other calls; the run's time limit still counts. It opens no connection
 * and keeps nothing of what it is shown. What it throws is logged, and the next one is asked. Status: experimental since
 * 0.1.
 */
public interface FailureClassifier {
    /** The kind, or empty where it has nothing to say. */
    Optional<FailureKind> classify(FailedAttempt attempt);
}
