package dev.kairos.orchestrator.schedule;

import dev.kairos.api.InvalidInputException;

/**
 * A schedule that cannot be accepted: names the field, the text, the reason and a right example.
 *
 * <p>Status: experimental since 0.1.
 */
public final class InvalidScheduleException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    InvalidScheduleException(String where, String given, String reason, String accepted) {
        super(where, ScheduleText.shown(given), reason, accepted);
    }
}
