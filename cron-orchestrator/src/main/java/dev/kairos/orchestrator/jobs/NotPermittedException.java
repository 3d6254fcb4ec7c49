package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;

/** The caller's trust level does not allow this; nothing was written. Status: experimental since 0.1. */
public final class NotPermittedException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    NotPermittedException(String where, String given, String reason, String accepted) {
        super(where, given, reason, accepted);
    }
}
