package dev.kairos.api.job;

import java.util.Locale;

/** The kinds of work. Status: experimental since 0.1. */
public enum WorkKind {
    /** A file in the scripts folder. */
    SCRIPT,
    /** A prompt for an agent. */
    AGENT,
    /** A Java handler of the embedding application. */
    HANDLER;

    /** The word used for it in configuration and by {@code JobRunner.kind()}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
