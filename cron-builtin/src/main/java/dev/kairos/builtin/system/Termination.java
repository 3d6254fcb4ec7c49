package dev.kairos.builtin.system;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the operating system's wish that the process end (SIGTERM, SIGINT, SIGHUP) into a call, and lets the process end
 * by itself afterwards.
 *
 * <p>Thread-safe. Status: internal.
 */
public final class Termination implements AutoCloseable {
    private static final long LONGEST_SECONDS = 90;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private volatile int exitCode;

    private Termination(Runnable ask, int exitCode) {
        this.exitCode = exitCode;
        hook = new Thread(() -> finish(ask), "kairos-termination");
    }

    /**
     * Calls the action when the process is asked to end. The process then lives until {@link #close}, at most 90 s, and
     * ends with the given code.
     *
     * @param ask asks for the end, on a thread of its own; must not wait for it
     * @param exitCode what the process ends with: 0 where being asked is the ordinary end
     */
    public static Termination onRequest(Runnable ask, int exitCode) {
        Termination termination = new Termination(ask, exitCode);
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    private void finish(Runnable ask) {
        ask.run();
        try {
            if (finished.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process ends with another code: its end was not an ordinary one. */
    public void endWith(int code) {
        exitCode = code;
    }

    /** The work is over: the process may end. Idempotent. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs now and has just been let go.
            return;
        }
    }
}
