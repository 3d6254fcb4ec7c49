package dev.kairos.testkit.sim;

import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.memory.MemoryStore;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Drives real orchestrators through a troubled hour of virtual time: nodes die around their writes, freeze, lose the store
 * and their clocks step, while people edit, pause and remove. After each write, start and send the promises of the design
 * are checked. Everything follows from one seed.
 *
 * <p>Takes the calling thread until it is over. Status: experimental since 0.1.
 */
public final class Simulation {
    private static final int MOST_NODES = 3;

    private final long seed;
    private final Duration span;
    private final UnaryOperator<JobStore> variant;

    private Simulation(long seed, Duration span, UnaryOperator<JobStore> variant) {
        this.seed = seed;
        this.span = span;
        this.variant = variant;
    }

    /** A simulation of the given span of virtual time on the memory store. */
    public static Simulation of(long seed, Duration span) {
        return new Simulation(seed, span, store -> store);
    }

    /** The same with something between the nodes and their store, for example a deliberate fault. */
    public Simulation on(UnaryOperator<JobStore> changed) {
        return new Simulation(seed, span, changed);
    }

    /** Runs it to its end or to the first violation. */
    public SimulationReport run() {
        Random random = new Random(seed);
        SimTime time = new SimTime(random.nextLong());
        JobStore truth = new MemoryStore("sim");
        SimWorld world = new SimWorld(random.nextLong(), time, truth, variant.apply(truth), random.nextInt(3) == 0);
        Scenario scenario = new Scenario(world, random);
        try {
            scenario.play(span);
        } finally {
            scenario.end();
        }
        Watch watch = world.watch;
        return new SimulationReport(
                seed,
                watch.violation(),
                watch.violation().isPresent()
                        ? watch.violationTrace()
                        : watch.trace().last(),
                watch.trace().digest(),
                watch.trace().count(),
                watch.starts(),
                watch.sends());
    }

    /** One course of events. */
    private static final class Scenario {
        private final SimWorld world;
        private final Random random;
        private final Disturbance disturbance;
        private final FaultPlan plan;
        private final int wantedNodes;
        private int lives;

        Scenario(SimWorld world, Random random) {
            this.world = world;
            this.random = random;
            this.plan = FaultPlan.draw(random);
            this.wantedNodes = 1 + random.nextInt(MOST_NODES);
            this.disturbance = new Disturbance(world, random.nextLong());
        }

        void play(Duration span) {
            int jobs = 1 + random.nextInt(6);
            for (int i = 0; i < jobs; i++) {
                disturbance.createJob();
            }
            world.faults(plan);
            long end = world.time.now() + span.toMillis();
            while (world.time.now() < end && isSound()) {
                bringUp();
                world.time.pause(500 + random.nextInt(20_000));
                for (int i = random.nextInt(plan.disturb() + 1); i > 0; i--) {
                    disturbance.happen();
                }
            }
            settle();
        }

        private boolean isSound() {
            for (SimNode node : world.nodes) {
                if (node.process.escaped != null) {
                    world.watch.violated(node.process.name + " let escape " + node.process.escaped);
                }
            }
            return world.watch.violation().isEmpty();
        }

        private void bringUp() {
            world.nodes.removeIf(node -> !node.isAlive());
            while (world.nodes.size() < wantedNodes && (world.isQuiet() || random.nextInt(3) > 0)) {
                int life = ++lives;
                SimProcess process = new SimProcess("node" + life, 100 + life, random.nextLong());
                process.wallOffset = random.nextInt(2_000) - 1_000L;
                SimNode node = new SimNode(world, process, 2 + random.nextInt(8));
                world.nodes.add(node);
                world.watch.happened(process, "begins");
                node.begin();
            }
        }

        private void settle() {
            world.becomeQuiet();
            long end = world.time.now() + Watch.RestBound.SETTLING.toMillis();
            while (world.time.now() < end && isSound()) {
                bringUp();
                world.time.pause(5_000);
            }
            if (isSound()) {
                world.watch.checkRest();
            }
            if (isSound()) {
                world.nodes.forEach(node -> node.stop(Duration.ofSeconds(30)));
                world.time.pause(Duration.ofMinutes(5).toMillis());
                for (SimNode node : world.nodes) {
                    if (!node.isClosed()) {
                        world.watch.violated(node.process.name + " never closed");
                    }
                }
                isSound();
            }
        }

        void end() {
            world.nodes.forEach(node -> world.time.kill(node.process));
            disturbance.leave();
            world.time.close();
        }
    }
}
