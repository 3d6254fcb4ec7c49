package dev.kairos.api.env;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** A started child that its starter speaks with, and everything it starts. Status: experimental since 0.1. */
public interface PipedProcess {
    /** The operating system's process id of the child (which leads its process group). */
    long pid();

    /** The child's standard input. Closing it is how most children are told that nothing more comes. */
    OutputStream stdin();

    /** The child's standard output; it ends with the child. Read by one thread. */
    InputStream stdout();

    /** Standard error so far, UTF-8, the middle cut beyond the limit. */
    String stderr();

    /** Whether it still runs. */
    boolean isAlive();

    /** As {@link ChildProcess#killTree}. */
    void killTree(Duration grace);
}
