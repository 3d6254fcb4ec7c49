package dev.kairos.testkit.sim;

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
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The environment of one simulated process: its clocks, its chance, its strands. Everything in it dies with the process. */
final class SimEnvironment implements Environment {
    private final SimTime time;
    private final SimProcess process;
    private final Instant origin;
    private final NodeProbe probe;

    SimEnvironment(
            SimTime time,
            SimProcess process,
            Instant origin,
            Function<NodeIdentity, NodeProbe.Liveness> livenessOfOthers) {
        this.time = time;
        this.process = process;
        this.origin = origin;
        this.probe = new NodeProbe() {
            @Override
            public NodeIdentity self() {
                return process.identity;
            }

            @Override
            public Liveness livenessOf(NodeIdentity node) {
                return livenessOfOthers.apply(node);
            }
        };
    }

    SimProcess process() {
        return process;
    }

    @Override
    public Instant now() {
        checkAlive();
        return origin.plusMillis(time.now() + process.wallOffset);
    }

    @Override
    public Duration uptime() {
        checkAlive();
        return Duration.ofMillis(time.now() - process.uptimeLag);
    }

    @Override
    public RandomGenerator random() {
        checkAlive();
        return process.random;
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Signal newSignal() {
        checkAlive();
        return time.newSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        checkAlive();
        return time.start(process.name + ":" + name, process, body);
    }

    @Override
    public Processes processes() {
        return spec -> {
            throw new IOException("a simulated process starts no children");
        };
    }

    @Override
    public NodeProbe nodeProbe() {
        checkAlive();
        return probe;
    }

    @Override
    public HostFiles files() {
        throw new UnsupportedOperationException("a simulated process has no files: its outputs are kept in memory");
    }

    private void checkAlive() {
        SimTime.Strand strand = time.current();
        if (strand.process == process) {
            strand.checkAlive();
        }
    }
}
