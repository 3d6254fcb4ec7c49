package dev.kairos.examples.portal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Starts the agent's process where it is gone: what a platform does that scales to zero. Thread-safe. */
final class AgentStart {
    /** A process that was started and is gone at once is not started again sooner. */
    private static final Duration GAP = Duration.ofSeconds(2);

    private final String command;
    private @Nullable Process process;
    private Instant startedAt = Instant.EPOCH;

    AgentStart(String command) {
        this.command = command;
    }

    /** Starts it unless the one that was started lives. */
    synchronized void run() {
        Process last = process;
        Instant now = Instant.now();
        if (last != null && last.isAlive() || startedAt.plus(GAP).isAfter(now)) {
            return;
        }
        startedAt = now;
        try {
            process = new ProcessBuilder("sh", "-c", "exec " + command)
                    .inheritIO()
                    .start();
            System.out.println("portal.started-agent pid=" + process.pid());
        } catch (IOException e) {
            System.err.println("portal.start-failed reason=" + e.getMessage());
        }
    }
}
