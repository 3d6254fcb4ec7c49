package dev.kairos.api.env;

import java.time.Duration;

/** A started child and everything it starts. Status: experimental since 0.1. */
public interface ChildProcess {
    /** The operating system's process id of the child (which leads its process group). */
    long pid();

    /**
     * Waits for the child's end.
     *
     * @return true if it ended within the bound
     */
    boolean await(Duration atMost) throws InterruptedException;

    /** The exit code; 128 + n for a death by signal n. Only after the end. */
    int exitCode();

    /** Standard output so far, UTF-8, the middle cut beyond the limit. */
    String stdout();

    /**
     * Calls the action whenever the child has written something, from now on. It is called on the thread that reads, so
     * it must be quick.
     */
    default void onOutput(Runnable action) {}

    /** Standard error so far, UTF-8, the middle cut beyond the limit. */
    String stderr();

    /**
     * Ends the whole tree: TERM to the group, the grace, then KILL to the group and to descendants seen before. Returns
     * when the group is gone or five seconds after KILL. Idempotent; not cut short by an interrupt of the caller, whose
     * flag is kept.
     */
    void killTree(Duration grace);
}
