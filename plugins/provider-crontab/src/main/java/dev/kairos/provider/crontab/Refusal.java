package dev.kairos.provider.crontab;

/** Why something cannot be armed, and what to do about it, in words for a person. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
