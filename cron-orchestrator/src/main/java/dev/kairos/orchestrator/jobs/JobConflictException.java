package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;

/** The job was changed by somebody else since the caller read it; nothing was written. Status: experimental since 0.1. */
public final class JobConflictException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    JobConflictException(String jobId, long expected, long actual) {
        super(
                "job " + jobId,
                "",
                "it was changed meanwhile: version " + expected + " was expected and it is at version " + actual,
                "look at it again with `kairos show " + jobId + "` and repeat the change");
    }
}
