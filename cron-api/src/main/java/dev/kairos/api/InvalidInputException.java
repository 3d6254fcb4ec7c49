package dev.kairos.api;

import java.util.Objects;

/**
 * Input from a person that cannot be accepted: says what was given, where it stood, why it is refused and what would be
 * accepted. Nothing was changed when it is thrown.
 *
 * <p>Status: experimental since 0.1.
 */
public class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final String given;
    private final String reason;
    private final String accepted;

    /**
     * Creates the refusal.
     *
     * @param where the field, file and line, configuration key or index, in the words the person used
     * @param given the offending text, shortened by the caller when it may be long; never a secret
     * @param reason why it is refused, a clause without a full stop
     * @param accepted what to write instead, with a right example
     */
    public InvalidInputException(String where, String given, String reason, String accepted) {
        super(where + ": " + reason + (given.isEmpty() ? "" : " (given: \"" + given + "\")"));
        this.where = Objects.requireNonNull(where);
        this.given = Objects.requireNonNull(given);
        this.reason = Objects.requireNonNull(reason);
        this.accepted = Objects.requireNonNull(accepted);
    }

    /** Where it stood: field, file and line, configuration key. */
    public String where() {
        return where;
    }

    /** The offending text, possibly shortened. */
    public String given() {
        return given;
    }

    /** Why it is refused. */
    public String reason() {
        return reason;
    }

    /** What to do next: the accepted form with a right example. */
    public String accepted() {
        return accepted;
    }
}
