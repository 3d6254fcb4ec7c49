package dev.kairos.testkit.sim;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.JobStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<SimProcess, Long> silentUntil = new HashMap<>();
    private final boolean isOneMachine;
    private FaultPlan faults = FaultPlan.QUIET;
    private boolean isQuiet;

    /**
     * A world.
     *
     * @param truth the store as it is, for looking at it
     * @param view how the nodes reach it: as it is, or through something broken
     * @param isOneMachine whether a process can see at once that another one is dead
     */
    SimWorld(long seed, SimTime time, JobStore truth, Simulation.View view, boolean isOneMachine) {
        this.time = time;
        this.work = new Random(seed ^ 0x5DEECE66DL);
        this.truth = truth;
        this.view = view;
        this.isOneMachine = isOneMachine;
        this.watch = new Watch(this);
        this.outputs = new SimOutputs(this);
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

    /** From now on nothing goes wrong any more: clocks are right, nobody is frozen, the store answers. */
    void becomeQuiet() {
        isQuiet = true;
        silentUntil.clear();
        for (SimNode node : nodes) {
            node.process.stepWall(-node.process.wallOffset);
            time.thaw(node.process);
        }
    }

    /** The present by a clock that is right. */
    Instant trueNow() {
        return ORIGIN.plusMillis(time.now());
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
    }

    @Override
    public boolean isSilent(SimProcess process) {
        return silentUntil.getOrDefault(process, 0L) > time.now();
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
