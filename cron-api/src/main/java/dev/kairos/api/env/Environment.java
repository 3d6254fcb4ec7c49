package dev.kairos.api.env;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/**
 * Everything nondeterministic the system touches: clocks, chance, threads and waits, processes, the node's own identity
 * and files. The host implements it once for the machine; tests and the simulator implement it on virtual time.
 *
 * <p>All methods may be called from any thread. Status: experimental since 0.1.
 */
public interface Environment {
    /** The wall clock. It may step in both directions; never use it to measure a wait. */
    Instant now();

    /** Monotonic time since an arbitrary origin of this process; only differences mean something. */
    Duration uptime();

    /** The source of chance: ids, backoff jitter. */
    RandomGenerator random();

    /** The machine's zone as it is configured now; may be a fixed offset on a machine without an IANA zone. */
    ZoneId zone();

    /** A fresh, lowered signal. */
    Signal newSignal();

    /**
     * Runs the body on a host-owned daemon thread of its own and returns at once. A throwable that leaves the body is
     * logged, never lost.
     *
     * @param name the thread's name while the body runs
     */
    Task start(String name, Runnable body);

    /** Starting and ending of child processes. */
    Processes processes();

    /** Who this node is and whether another one on this machine still lives. */
    NodeProbe nodeProbe();

    /** File operations that must be durable, private or observable. */
    HostFiles files();

    /** Blocks for the given time, or less when interrupted. */
    default void sleep(Duration time) throws InterruptedException {
        newSignal().await(time);
    }
}
