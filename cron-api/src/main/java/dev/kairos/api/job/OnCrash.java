package dev.kairos.api.job;

/** What happens to a job's run whose node died. Status: experimental since 0.1. */
public enum OnCrash {
    /** It ends {@code unknown} and is not repeated: at most once. */
    NEVER,
    /** It is attempted again, three attempts in all: at least once. */
    RERUN
}
