package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** An envelope in the hands of a thread of this node, as it was last written. */
final class HeldEnvelope {
    private final Environment environment;
    private final Object lock = new Object();
    private Envelope envelope;
    private @Nullable Task task;
    private @Nullable Duration calledAt;
    private boolean isGivenUp;

    HeldEnvelope(Envelope envelope, Environment environment) {
        this.envelope = envelope;
        this.environment = environment;
    }

    Envelope envelope() {
        synchronized (lock) {
            return envelope;
        }
    }

    void is(Envelope written) {
        synchronized (lock) {
            envelope = written;
        }
    }

    void runsOn(Task thread) {
        synchronized (lock) {
            task = thread;
        }
    }

    void interrupt() {
        Task thread;
        synchronized (lock) {
            thread = task;
        }
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Calls the channel: only this time counts against the send's limit, not the wait for a silent store. */
    <T> T calling(Callable<T> channel) throws Exception {
        Duration now = environment.uptime();
        synchronized (lock) {
            calledAt = now;
        }
        try {
            return channel.call();
        } finally {
            synchronized (lock) {
                calledAt = null;
            }
        }
    }

    /** Since when the channel has been at work, in uptime; empty while it is not. */
    Optional<Duration> calledAt() {
        synchronized (lock) {
            return Optional.ofNullable(calledAt);
        }
    }

    /** Nobody waits for the thread any more. Answers whether this is new. */
    boolean giveUp() {
        synchronized (lock) {
            boolean isNew = !isGivenUp;
            isGivenUp = true;
            return isNew;
        }
    }

    boolean isGivenUp() {
        synchronized (lock) {
            return isGivenUp;
        }
    }
}
