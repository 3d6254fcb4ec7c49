package dev.kairos.api.ledger;

import java.util.Locale;

/** What an execution belongs to. Status: experimental since 0.1. */
public enum Trigger {
    /** An occurrence of the schedule. */
    SCHEDULE,
    /** A person's request; belongs to no occurrence. */
    REQUEST;

    /** The word in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
