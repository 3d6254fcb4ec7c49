package dev.kairos.store.jdbc;

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
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** What the manual environment offers, with real waits: a store's pauses end while another process holds its file. */
final class RealTime implements Environment {
    private final ManualEnvironment rest = new ManualEnvironment(Instant.parse("2027-01-15T09:00:00Z"));
    private final Random random = new Random();
    private final int haste;

    RealTime() {
        this(1);
    }

    /** Lets bounds pass sooner: so many seconds for each real one. */
    RealTime(int haste) {
        this.haste = haste;
    }

    @Override
    public Instant now() {
        return rest.now();
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime()).multipliedBy(haste);
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public ZoneId zone() {
        return rest.zone();
    }

    @Override
    public Signal newSignal() {
        return rest.newSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        return rest.start(name, body);
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
