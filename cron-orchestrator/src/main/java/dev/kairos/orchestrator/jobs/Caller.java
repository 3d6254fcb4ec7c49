package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.TrustLevel;
import java.util.Objects;

/**
 * On whose behalf an operation on jobs is done.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param level what they may set
 * @param name the word under which the ledger records their requests ({@code cli}, {@code mcp}) and, for an agent, whose
 *     jobs are its own
 */
public record Caller(TrustLevel level, String name) {
    public Caller {
        Objects.requireNonNull(level);
        Objects.requireNonNull(name);
    }

    /** A person at the command line. */
    public static Caller operator() {
        return new Caller(TrustLevel.OPERATOR, "cli");
    }

    /** The embedding application's code. */
    public static Caller application() {
        return new Caller(TrustLevel.APPLICATION, "application");
    }

    /** A model that came through MCP or a tool. */
    public static Caller agent(String name) {
        return new Caller(TrustLevel.AGENT, name);
    }

    boolean isAgent() {
        return level == TrustLevel.AGENT;
    }
}
