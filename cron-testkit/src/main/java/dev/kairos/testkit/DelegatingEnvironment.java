package dev.kairos.testkit;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * An environment like another one but for what a test's subclass has otherwise: a clock that is wrong, a sleep that is
 * over at once.
 *
 * <p>As safe for threads as the other one. Status: experimental since 0.1.
 */
public abstract class DelegatingEnvironment implements Environment {
    private final Environment other;

    /** Like this one. */
    protected DelegatingEnvironment(Environment other) {
        this.other = Objects.requireNonNull(other);
    }

    @Override
    public Instant now() {
        return other.now();
    }

    @Override
    public Duration uptime() {
        return other.uptime();
    }

    @Override
    public RandomGenerator random() {
        return other.random();
    }

    @Override
    public ZoneId zone() {
        return other.zone();
    }

    @Override
    public Signal newSignal() {
        return other.newSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        return other.start(name, body);
    }

    @Override
    public Processes processes() {
        return other.processes();
    }

    @Override
    public NodeProbe nodeProbe() {
        return other.nodeProbe();
    }

    @Override
    public HostFiles files() {
        return other.files();
    }
}
