package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.run.RunResult;

/** A run cannot begin, or go on, until somebody mends the configuration. Says what, and what to do. */
final class Blocked extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * Creates it.
     *
     * @param reason a word for the ledger, for example {@code budget}
     * @param what what is missing and what to do, the same words as long as the same is missing
     */
    Blocked(String reason, String what) {
        super(what);
        this.reason = reason;
    }

    static Blocked of(InvalidInputException refused) {
        return new Blocked("config", refused.getMessage() + ". What to do: " + refused.accepted() + ".");
    }

    RunResult result() {
        return RunResult.blocked(String.valueOf(getMessage())).withReason(reason);
    }
}
