package dev.kairos.provider.matrix;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** The machine as it is, but for a wall clock that can be set, and time that can be let pass without a wait. */
final class MovedMachine implements Environment {
    private final Environment machine = new SystemEnvironment();
    private volatile Duration ahead = Duration.ZERO;
    private final AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);

    static MovedMachine at(String instant) {
        MovedMachine made = new MovedMachine();
        made.set(Instant.parse(instant));
        return made;
    }

    /** Sets the wall clock alone: somebody stepped it. */
    void set(Instant now) {
        ahead = Duration.between(machine.now(), now);
    }

    /** How far the wall clock is from the machine's. */
    Duration ahead() {
        return ahead;
    }

    void ahead(Duration value) {
        ahead = value;
    }

    /** Both clocks go on, and no wait is shorter for it: the machine slept. */
    void sleptFor(Duration time) {
        slept.accumulateAndGet(time, Duration::plus);
        ahead = ahead.plus(time);
    }

    @Override
    public Instant now() {
        return machine.now().plus(ahead);
    }

    @Override
    public Duration uptime() {
        return machine.uptime().plus(slept.get());
    }

    @Override
    public RandomGenerator random() {
        return machine.random();
    }

    @Override
    public ZoneId zone() {
        return ZoneId.of("UTC");
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
