package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;

/** A file of jobs that cannot be read as a whole; it is left as it is. Status: experimental since 0.1. */
public final class DamagedFileException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String where, String reason, String accepted) {
        super(where, "", reason, accepted);
    }
}
