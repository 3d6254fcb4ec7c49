package dev.kairos.testkit;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * An environment whose time stands still until a test moves it.
 *
 * <p>Tasks run on real threads, but every wait (a {@link Signal}, a sleep, a join) is on virtual time. {@link #advance}
 * visits each deadline on its way, wakes who waits for it and lets everything come to rest before it goes on, so that a
 * test sees the same order each time. Chance is seeded. Files lie on the real disk with the virtual time as their
 * modification instant. There are no processes until {@link #processes(Processes)} gives some.
 *
 * <p>Thread-safe. Status: experimental since 0.1.
 */
public final class ManualEnvironment implements Environment {
    private static final long SEED = 4_711;

    private final ManualTime time;
    private final ManualNodeProbe probe;
    private final RandomGenerator random;
    private volatile ZoneId zone = ZoneOffset.UTC;
    private volatile HostFiles files;
    private volatile Processes processes = spec -> {
        throw new IOException("no processes here: give some with ManualEnvironment.processes(...); asked for "
                + spec.command().get(0));
    };

    /** An environment whose wall clock shows the given instant. */
    public ManualEnvironment(Instant start) {
        this(new ManualTime(start), 1, SEED);
    }

    private ManualEnvironment(ManualTime time, long pid, long seed) {
        this.time = time;
        this.probe = new ManualNodeProbe(NodeIdentity.builder("boot", pid, "n" + pid)
                .pidNamespace("pid:[1]")
                .startTicks(100 + pid)
                .build());
        this.random = new Random(seed);
        this.files = new DiskFiles(this::now);
    }

    /**
     * Another node on the same machine: the same time, tasks, files and processes, its own identity and chance.
     *
     * @param pid its process id, different from 1, which is this node's
     */
    public ManualEnvironment anotherNode(long pid) {
        ManualEnvironment other = new ManualEnvironment(time, pid, SEED + pid);
        other.zone = zone;
        other.files = files;
        other.processes = processes;
        return other;
    }

    /** How long, in real time, tasks may take to come to rest before a move fails; a minute unless it is said here. */
    public void settleWithin(Duration bound) {
        time.settleWithin(bound);
    }

    /**
     * Moves wall clock and monotonic clock forward together, deadline by deadline, and lets tasks come to rest at each.
     *
     * @throws AssertionError if a task does not come to rest within the bound of {@link #settleWithin}
     */
    public void advance(Duration by) {
        time.advance(by);
    }

    /**
     * Moves both clocks at once, as a machine that was suspended finds them: nothing ran meanwhile, and whatever waited
     * for an instant in between is late.
     *
     * @throws AssertionError if a task does not come to rest
     */
    public void suspend(Duration by) {
        time.suspend(by);
    }

    /** Sets the wall clock forward or back; the monotonic clock stands still and no wait ends. */
    public void stepWallClock(Duration by) {
        time.step(by);
    }

    /**
     * Waits in real time until each task has ended or waits for virtual time or a signal.
     *
     * @throws AssertionError if that takes longer than {@link #settleWithin} says; it names the busy tasks and where they are
     */
    public void settle() {
        time.settle();
    }

    /** Sets the machine's zone; UTC at first. */
    public void zone(ZoneId newZone) {
        zone = newZone;
    }

    /** Sets the file operations. */
    public void files(HostFiles newFiles) {
        files = newFiles;
    }

    /** Sets the processes, for example {@link ScriptedProcesses}. */
    public void processes(Processes newProcesses) {
        processes = newProcesses;
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public Duration uptime() {
        return time.uptime();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public ZoneId zone() {
        return zone;
    }

    @Override
    public Signal newSignal() {
        return time.newSignal();
    }

    @Override
    public Task start(String name, Runnable body) {
        return time.start(name, body);
    }

    @Override
    public Processes processes() {
        return processes;
    }

    /** This node's identity and what it knows of others, settable. */
    @Override
    public ManualNodeProbe nodeProbe() {
        return probe;
    }

    @Override
    public HostFiles files() {
        return files;
    }
}
