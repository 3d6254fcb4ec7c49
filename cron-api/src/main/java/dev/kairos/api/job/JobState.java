package dev.kairos.api.job;

import java.util.Locale;

/** Where a job stands. Status: experimental since 0.1. */
public enum JobState {
    /** It waits for its next instant. */
    SCHEDULED,
    /** It is not due until resumed. */
    PAUSED,
    /** An execution is open; transient. */
    RUNNING,
    /** Its repeat count is used up, or its one-shot ended. */
    COMPLETED,
    /** Its schedule cannot be computed; looked at again at every start. */
    ERROR;

    /** The word in {@code jobs.json} and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
