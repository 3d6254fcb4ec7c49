package dev.kairos.api.job;

import java.util.Objects;
import java.util.Optional;

/**
 * A job as the store keeps it.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param id its id, {@code [A-Za-z0-9_-]{1,64}} and not {@code _wake}
 * @param definition what a person declared
 * @param version moves with each change of the definition, from 1; engine writes do not move it
 * @param engine what the engine keeps
 */
public record Job(String id, JobDefinition definition, long version, EngineState engine) {
    /** The reserved id under which providers arm the earliest retry, queued run or recovery. */
    public static final String WAKE_ID = "_wake";

    private static final int LONGEST_ID = 64;

    public Job {
        Objects.requireNonNull(definition);
        Objects.requireNonNull(engine);
        if (!isLegalId(id)) {
            throw new IllegalArgumentException("not a legal job id: " + id);
        }
        if (version < 1) {
            throw new IllegalArgumentException("version must be positive: " + version);
        }
    }

    /** Whether the text may be a job's id (an id becomes a path). */
    public static boolean isLegalId(String text) {
        if (text.isEmpty() || text.length() > LONGEST_ID || text.equals(WAKE_ID)) {
            return false;
        }
        for (int i = 0;
                i < text.length();
                i++) { // a job is made anew with each write: a pattern would cost more than it
            char c = text.charAt(i);
            boolean isLegal =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
            if (!isLegal) {
                return false;
            }
        }
        return true;
    }

    /** The job's name, or its id when it has none. */
    public String displayName() {
        return definition.name().isEmpty() ? id : definition.name();
    }

    /**
     * As a store hands it to the host: one whose definition cannot be read here ({@link JobDefinition#fault}) is in state
     * {@code error} and never due. Where it stands is kept in the store, for whoever can read it.
     */
    public Job forHost() {
        return definition.fault().isEmpty()
                ? this
                : withEngine(engine.toBuilder()
                        .state(JobState.ERROR)
                        .next(Optional.empty(), Optional.empty())
                        .build());
    }

    /** The same job with another engine state. */
    public Job withEngine(EngineState newEngine) {
        return new Job(id, definition, version, newEngine);
    }

    /** The same job with an edited definition, one version on. */
    public Job withDefinition(JobDefinition newDefinition) {
        return new Job(id, newDefinition, version + 1, engine);
    }
}
