package dev.kairos.runner.agent;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;

/** Finds an interrupt in what a library made of it, and the words in what it threw. */
final class Interruption {
    private static final int DEEPEST = 20;

    private Interruption() {}

    /** Throws the interrupt that is somewhere in the cause, if one is. */
    static void passOn(Throwable thrown) throws InterruptedException {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                throw new InterruptedException("the call was ended");
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("the call was ended");
        }
    }

    /** The innermost message. */
    static String words(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        if (cause instanceof ClosedChannelException || cause instanceof ConnectException) {
            return "nobody answers there";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
