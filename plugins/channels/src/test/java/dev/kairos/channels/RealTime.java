package dev.kairos.channels;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Real threads and waits beside a wall clock that stands still, so that signatures are the same in each run. A sleep is
 * over at once, and the time of it has passed: nobody waits for a platform's pace.
 */
public final class RealTime implements Environment {
    /** What its wall clock shows. */
    public static final Instant NOW = Instant.parse("2027-01-15T09:00:00Z");

    private final AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);
    private final ManualEnvironment rest = new ManualEnvironment(NOW);

    @Override
    public Instant now() {
        return NOW;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime()).plus(slept.get());
    }

    /** How long everybody slept. */
    public Duration slept() {
        return slept.get();
    }

    @Override
    public void sleep(Duration time) {
        slept.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public RandomGenerator random() {
        return new Random(4711);
    }

    @Override
    public ZoneId zone() {
        return rest.zone();
    }

    @Override
    public Signal newSignal() {
        Semaphore raised = new Semaphore(0);
        return new Signal() {
            @Override
            public void raise() {
                raised.release();
            }

            @Override
            public boolean await(Duration atMost) throws InterruptedException {
                return raised.tryAcquire(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
            }
        };
    }

    @Override
    public Task start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return new Task() {
            @Override
            public void interrupt() {
                thread.interrupt();
            }

            @Override
            public boolean isDone() {
                return !thread.isAlive();
            }

            @Override
            public boolean join(Duration atMost) throws InterruptedException {
                thread.join(Math.max(1, atMost.toMillis()));
                return !thread.isAlive();
            }
        };
    }

    @Override
    public Processes processes() {
        return rest.processes();
    }

    @Override
    public NodeProbe nodeProbe() {
        return rest.nodeProbe();
    }

    @Override
    public HostFiles files() {
        return rest.files();
    }
}
