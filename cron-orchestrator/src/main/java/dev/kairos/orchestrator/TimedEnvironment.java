package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/** A machine whose wall clock is the store's. */
record TimedEnvironment(Environment machine, StoreClock clock) implements Environment {
    @Override
    public Instant now() {
        return clock.now();
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

    @Override
    public void sleep(Duration time) throws InterruptedException {
        machine.sleep(time);
    }
}
