package dev.kairos.testkit;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Real time and real threads, for contracts: what a provider's engine does on threads of its own cannot be moved by a
 * test. A thread ends with its body, so that what is left over is the plug-in's. Files lie on the disk; there are no
 * processes (a runner that starts some takes {@code cron-builtin}'s environment).
 *
 * <p>Thread-safe. Status: experimental since 0.1.
 */
public final class RealTimeEnvironment implements Environment {
    private final long origin = System.nanoTime();
    private final RandomGenerator random = new Random(4_711);
    private final HostFiles files = new DiskFiles(this::now);
    private final NodeProbe probe = new ManualNodeProbe(
            NodeIdentity.builder("boot", 1, "n1").pidNamespace("pid:[1]").build());

    /** The wall clock, cut to milliseconds as a host's is. */
    @Override
    public Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - origin);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
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
                boolean isRaised = raised.tryAcquire(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
                raised.drainPermits();
                return isRaised;
            }
        };
    }

    @Override
    public Task start(String name, Runnable body) {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } finally {
                        end.countDown();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return new Task() {
            @Override
            public void interrupt() {
                thread.interrupt();
            }

            @Override
            public boolean isDone() {
                return end.getCount() == 0;
            }

            @Override
            public boolean join(Duration atMost) throws InterruptedException {
                return end.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            }
        };
    }

    @Override
    public Processes processes() {
        return spec -> {
            throw new IOException(
                    "no processes here; asked for " + spec.command().get(0));
        };
    }

    @Override
    public NodeProbe nodeProbe() {
        return probe;
    }

    @Override
    public HostFiles files() {
        return files;
    }
}
