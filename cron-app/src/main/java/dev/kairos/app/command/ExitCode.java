package dev.kairos.app.command;

/**
 * What {@code kairos} says to the shell.
 *
 * <p>Status: internal.
 */
public final class ExitCode {
    /** Done. */
    public static final int DONE = 0;
    /** It was understood and did not work, or something is unhealthy. */
    public static final int FAILED = 1;
    /** Wrong usage or input that cannot be accepted. */
    public static final int USAGE = 2;
    /** What was named is not there, or several match. */
    public static final int NOT_FOUND = 3;
    /** A fire that claimed nothing. */
    public static final int NOT_CLAIMED = 4;

    private ExitCode() {}
}
