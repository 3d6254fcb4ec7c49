package dev.kairos.api.env;

/**
 * Thrown by an {@link Environment} that has come to its end, as a simulated machine whose power was cut: nothing of it works
 * any more. Whoever contains what others throw lets this pass, so that its thread ends. The machine's own environment
 * never throws it.
 *
 * <p>Status: experimental since 0.1.
 */
public class EnvironmentEnded extends Error {
    private static final long serialVersionUID = 1L;

    /** Creates it without a stack: it is no fault of whoever meets it. */
    public EnvironmentEnded(String message) {
        super(message, null, false, false);
    }
}
