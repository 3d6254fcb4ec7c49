package dev.kairos.api.job;

/**
 * Who may set a job's field, from the least trusted. A level may set its own fields and those of the levels below it.
 *
 * <p>Status: experimental since 0.1.
 */
public enum TrustLevel {
    /** A model through MCP or a tool. */
    AGENT,
    /** The embedding application's code. */
    APPLICATION,
    /** A person at the command line or in the configuration. */
    OPERATOR;

    /** Whether somebody of this level may set a field that asks for {@code needed}. */
    public boolean allows(TrustLevel needed) {
        return compareTo(needed) >= 0;
    }
}
