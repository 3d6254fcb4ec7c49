package dev.kairos.builtin.system;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The machine as it is. The wall clock is cut to milliseconds, because that is what every store keeps.
 *
 * <p>One instance serves a whole process; its threads are daemons and end by themselves when idle, so there is nothing
 * to close. Status: internal.
 */
public final class SystemEnvironment implements Environment {
    private final long origin = System.nanoTime();
    private final SystemThreads threads = new SystemThreads();
    private final HostFiles files = new SystemFiles(this::randomLong);
    private final Processes processes = new SystemProcesses(threads);
    private final NodeProbe probe = new SystemNodeProbe(this::randomLong);

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
        return Chance.GENERATOR;
    }

    @Override
    public ZoneId zone() {
        return ZoneId.systemDefault();
    }

    @Override
    public Signal newSignal() {
        return new SystemSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        return threads.start(name, body);
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public NodeProbe nodeProbe() {
        return probe;
    }

    @Override
    public HostFiles files() {
        return files;
    }

    private long randomLong() {
        return Chance.GENERATOR.nextLong();
    }

    /** Seeded on first use: a command that needs no chance does not pay for it. */
    private static final class Chance {
        static final RandomGenerator GENERATOR = locked(new SplittableRandom(new SecureRandom().nextLong()));

        private static RandomGenerator locked(SplittableRandom source) {
            Object lock = new Object();
            return () -> {
                synchronized (lock) {
                    return source.nextLong();
                }
            };
        }
    }
}
