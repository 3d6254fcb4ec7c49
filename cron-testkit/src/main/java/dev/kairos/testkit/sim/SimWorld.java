package dev.kairos.testkit.sim;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.TagBounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** What all processes of one simulation share. */
final class SimWorld implements SimStore.FaultSwitch {
    static final Instant ORIGIN = Instant.parse("2026-03-29T00:10:00Z");

    final SimTime time;
    final Random work;
    final JobStore truth;
    private final Simulation.View view;
    final Watch watch;
    final SimOutputs outputs;
    final List<SimNode> nodes = new ArrayList<>();
    private final Map<Long, SimProcess> processes = new HashMap<>();
    private final Map<SimProcess, Long> silentUntil = new HashMap<>();
    private final List<Outage> outages = new ArrayList<>();
    private final boolean isOneMachine;
    private final boolean hasStoreClock;
    final TagBounds bounds;
    private FaultPlan faults = FaultPlan.QUIET;
    private boolean isQuiet;

    /**
     * A world.
     *
     * @param truth the store as it is, for looking at it
     * @param setting how the nodes reach it, as it is or through something broken, and whether it has a clock
     * @param isOneMachine whether a process can see at once that another one is dead
     */
    SimWorld(long seed, SimTime time, JobStore truth, Simulation.Setting setting, boolean isOneMachine) {
        this.time = time;
        this.work = new Random(seed ^ 0x5DEECE66DL);
        this.truth = truth;
        this.view = setting.view();
        this.hasStoreClock = setting.has(Simulation.Trait.STORE_CLOCK);
        this.bounds = setting.has(Simulation.Trait.DIFFERENT_ABILITIES)
                ? new TagBounds(Map.of(JobMix.SHARED, 1 + Math.floorMod(seed, 2)))
                : TagBounds.NONE;
        this.isOneMachine = isOneMachine;
        this.watch = new Watch(this);
        this.outputs = new SimOutputs(this);
    }

    /** A time in which no node reached the store. */
    private record Outage(long from, long until) {}

    /** A process begins. */
    void begins(SimProcess process) {
        processes.put(process.identity.pid(), process);
        process.troubled(Math.max(time.now(), outageUntil()));
    }

    /** The process, dead or alive, that was a member under the node's id. */
    SimProcess processOf(String node) {
        return Objects.requireNonNull(processes.get(Long.parseLong(node.substring(0, node.indexOf('-')))));
    }

    /** The store as a node reaches it. */
    SimStore storeOf(SimEnvironment node) {
        return new SimStore(view.of(truth, node), time, node.process(), this, watch);
    }

    @Override
    public FaultPlan now() {
        return isQuiet ? FaultPlan.QUIET : faults;
    }

    void faults(FaultPlan plan) {
        faults = plan;
    }

    /** From now on nothing goes wrong any more: clocks are right (where they count), nobody is frozen, the store answers. */
    void becomeQuiet() {
        isQuiet = true;
        silentUntil.clear();
        outages.replaceAll(outage -> new Outage(outage.from(), Math.min(outage.until(), time.now())));
        for (SimNode node : nodes) {
            if (!hasStoreClock) {
                node.process.stepWall(-node.process.wallOffset);
            }
            node.process.troubledUntil = time.now();
            time.thaw(node.process);
        }
    }

    /** The present by a clock that is right. */
    Instant trueNow() {
        return ORIGIN.plusMillis(time.now());
    }

    /** The furthest ahead of the truth that any node, dead ones too, ever thought it was, milliseconds. */
    long furthestAhead() {
        return processes.values().stream()
                .mapToLong(SimProcess::mostAhead)
                .max()
                .orElse(0);
    }

    boolean isOneMachine() {
        return isOneMachine;
    }

    boolean isQuiet() {
        return isQuiet;
    }

    /** Takes the store away from a process for a while. */
    void silence(SimProcess process, long millis) {
        watch.happened(process, "store silent for " + millis + "ms");
        silentUntil.put(process, time.now() + millis);
        process.troubled(time.now() + millis);
    }

    /** Takes the store away from all of them. */
    void silenceAll(long millis) {
        if (outageUntil() > time.now()) {
            return;
        }
        outages.add(new Outage(time.now(), time.now() + millis));
        for (SimNode node : nodes) {
            watch.happened(node.process, "store silent for everybody for " + millis + "ms");
            node.process.troubled(time.now() + millis);
        }
    }

    private long outageUntil() {
        return outages.isEmpty() ? 0 : outages.get(outages.size() - 1).until();
    }

    /**
     * How much of the time since then nobody can have seen, because the store was silent for everybody, in milliseconds.
     *
     * @param seenOfEach how much of each such time the first look after it adds all the same
     */
    long unseenSince(long since, long seenOfEach) {
        return outages.stream()
                .mapToLong(outage -> Math.min(outage.until(), time.now()) - Math.max(outage.from(), since))
                .map(silent -> Math.max(0, silent - seenOfEach))
                .sum();
    }

    @Override
    public boolean isSilent(SimProcess process) {
        return outageUntil() > time.now() || silentUntil.getOrDefault(process, 0L) > time.now();
    }

    @Override
    public Optional<Instant> clock() {
        return hasStoreClock ? Optional.of(trueNow()) : Optional.empty();
    }

    NodeProbe.Liveness livenessOf(NodeIdentity identity) {
        if (!isOneMachine) {
            return NodeProbe.Liveness.UNKNOWN;
        }
        return nodes.stream().anyMatch(node -> node.isAlive() && node.process.identity.pid() == identity.pid())
                ? NodeProbe.Liveness.ALIVE
                : NodeProbe.Liveness.DEAD;
    }
}
