package dev.kairos.provider.crontab;

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
import java.util.random.RandomGenerator;

/** Real threads, waits and children beside a wall clock that may run faster. */
final class FastMachine implements Environment {
    private final int haste;
    private final Instant begin;

    private final long origin = System.nanoTime();
    private final ManualEnvironment rest;
    private final Processes children = new RealChildren();

    private FastMachine(Instant begin, int haste) {
        this.begin = begin;
        this.haste = haste;
        this.rest = new ManualEnvironment(begin);
    }

    /** A minute takes a second; it begins at the given minute of an hour. */
    static FastMachine at(int minuteOfTheHour) {
        return new FastMachine(Instant.parse("2026-11-22T09:00:30Z").plus(Duration.ofMinutes(minuteOfTheHour)), 60);
    }

    /** The machine's own time. */
    static FastMachine asItIs() {
        return new FastMachine(Instant.now(), 1);
    }

    @Override
    public Instant now() {
        return begin.plusNanos((System.nanoTime() - origin) * haste);
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - origin);
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
        return children;
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
