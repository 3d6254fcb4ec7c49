package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.builtin.system.SystemEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/** This machine, with a wall clock that is wrong until somebody sets it. */
final class WrongClock implements Environment {
    private final Environment machine = new SystemEnvironment();
    private volatile Duration off;

    private WrongClock(Duration off) {
        this.off = off;
    }

    /** Negative where it is behind. */
    static WrongClock by(Duration off) {
        return new WrongClock(off);
    }

    /** Sets it right. */
    void setRight() {
        off = Duration.ZERO;
    }

    @Override
    public Instant now() {
        return machine.now().plus(off);
    }

    @Override
    public Duration uptime() {
        return machine.uptime();
    }

    @Override
    public RandomGenerator random() {
        return machine.random();
    }

    @Override
    public ZoneId zone() {
        return machine.zone();
    }

    @Override
    public Signal newSignal() {
        return machine.newSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        return machine.start(name, body);
    }

    @Override
    public Processes processes() {
        return machine.processes();
    }

    @Override
    public NodeProbe nodeProbe() {
        return machine.nodeProbe();
    }

    @Override
    public HostFiles files() {
        return machine.files();
    }
}
