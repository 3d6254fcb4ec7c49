package dev.kairos.orchestrator.jobs;

import java.util.Optional;

/**
 * Whether a delivery target may stand in a job: asked when a job is created or its targets are edited. Called on the
 * caller's thread, must answer at once and open no connection. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface TargetCheck {
    /** Accepts every target whose first part is a plain word, such as {@code local} or {@code telegram:123}. */
    TargetCheck ANY = target -> target.matches("[A-Za-z][A-Za-z0-9_-]*(:.+)?")
            ? Optional.empty()
            : Optional.of("it is not of the form local, origin, all, PLATFORM or PLATFORM:CHAT");

    /**
     * Judges one target.
     *
     * @param target one entry of {@code deliver} or {@code failure_deliver}
     * @return why it is refused, a clause without a full stop; empty if it is accepted
     */
    Optional<String> refusal(String target);
}
