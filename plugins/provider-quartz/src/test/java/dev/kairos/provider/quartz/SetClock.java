package dev.kairos.provider.quartz;

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

/** The machine, but for a wall clock that shows another time and can be set. */
class SetClock implements Environment {
    private final Environment machine = new SystemEnvironment();
    private volatile Duration ahead;

    SetClock(Duration ahead) {
        this.ahead = ahead;
    }

    void set(Instant now) {
        ahead = Duration.between(machine.now(), now);
    }

    @Override
    public Instant now() {
        return machine.now().plus(ahead);
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
