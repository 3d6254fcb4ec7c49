package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;

/**
 * Understood, and not possible as things stand: the same request may be right at another time. Nothing was changed.
 * Status: experimental since 0.1.
 */
public final class RefusedException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the refusal.
     *
     * @param where what it is about
     * @param reason why not now
     * @param accepted what to do
     */
    public RefusedException(String where, String reason, String accepted) {
        super(where, "", reason, accepted);
    }
}
