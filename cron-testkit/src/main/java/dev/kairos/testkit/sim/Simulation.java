package dev.kairos.testkit.sim;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.memory.MemoryStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Drives real orchestrators through troubled minutes of virtual time: nodes die around their writes, freeze, lose the store
 * and their clocks step, while people edit, pause and remove. After each write, start and send the promises of the design
 * are checked. Everything follows from one seed, and simulations share nothing: several may run side by side.
 *
 * <p>Takes the calling thread until it is over. Status: experimental since 0.1.
 */
public final class Simulation {
    private static final int MOST_NODES = 3;
    private static final List<Set<String>> SOME_PLATFORMS =
            List.of(SimChannel.PLATFORMS, Set.of(SimChannel.PLAIN), Set.of(SimChannel.KEYED), Set.of());
    private static final int SHORTEST_MINUTES = 3;
    private static final int MORE_MINUTES = 13;
    private static final int MOST_MINUTES_OFF = 10;

    private final long seed;
    private final Setting setting;

    private Simulation(long seed, Setting setting) {
        this.seed = seed;
        this.setting = setting;
    }

    /** What makes a world harder than one of equal processes. */
    enum Trait {
        /** Processes differ in what they can deliver to. */
        DIFFERENT_CHANNELS,
        /** Processes differ in what they can run, and some jobs share a bound. */
        DIFFERENT_ABILITIES,
        /** The store has a clock of its own, which is right. */
        STORE_CLOCK
    }

    /** What does not follow from the seed. */
    record Setting(Optional<Duration> span, Supplier<JobStore> stores, View view, Set<Trait> traits) {
        Setting {
            traits = Set.copyOf(traits);
        }

        Setting with(Trait more) {
            Set<Trait> all = new HashSet<>(traits);
            all.add(more);
            return new Setting(span, stores, view, all);
        }

        boolean has(Trait trait) {
            return traits.contains(trait);
        }
    }

    /** Something between a node and the store it shares with the others, for example a deliberate fault. */
    @FunctionalInterface
    public interface View {
        /**
         * The store as one node reaches it.
         *
         * @param shared the store that all share
         * @param node the node's clocks, chance and waits
         */
        JobStore of(JobStore shared, Environment node);
    }

    /** A simulation on the memory store, of three to fifteen minutes as the seed has it. */
    public static Simulation of(long seed) {
        return new Simulation(
                seed, new Setting(Optional.empty(), () -> new MemoryStore("sim"), (store, node) -> store, Set.of()));
    }

    /** One of three worlds, in turn: a plain one, one {@link #withDifferentAbilities}, one {@link #withDifferentChannels}. */
    public static Simulation varied(long seed) {
        Simulation plain = of(seed);
        return switch (Math.floorMod(seed, 3)) {
            case 0 -> plain.withDifferentChannels();
            case 1 -> plain.withDifferentAbilities();
            default -> plain;
        };
    }

    /** The same for the given span of virtual time. */
    public Simulation lasting(Duration wanted) {
        return new Simulation(seed, new Setting(Optional.of(wanted), setting.stores, setting.view, setting.traits));
    }

    /** The same on another store: an empty one from the supplier, closed at the end. */
    public Simulation over(Supplier<JobStore> other) {
        return new Simulation(seed, new Setting(setting.span, other, setting.view, setting.traits));
    }

    /** The same with something between the nodes and their store. */
    public Simulation through(View changed) {
        return new Simulation(seed, new Setting(setting.span, setting.stores, changed, setting.traits));
    }

    /** The same with processes that differ in what they can deliver to, some of them nowhere. */
    public Simulation withDifferentChannels() {
        return new Simulation(seed, setting.with(Trait.DIFFERENT_CHANNELS));
    }

    /** The same with jobs that only some processes can run, and with jobs that share a bound of how many run at once. */
    public Simulation withDifferentAbilities() {
        return new Simulation(seed, setting.with(Trait.DIFFERENT_ABILITIES));
    }

    /** The same over a store with a clock of its own, which is right, while those of the processes are minutes off. */
    public Simulation withStoreClock() {
        return new Simulation(seed, setting.with(Trait.STORE_CLOCK));
    }

    /** Runs it to its end or to the first violation. */
    public SimulationReport run() {
        Random random = new Random(seed);
        SimTime time = new SimTime(random.nextLong());
        JobStore truth = setting.stores.get();
        SimWorld world = new SimWorld(random.nextLong(), time, truth, setting, random.nextInt(3) == 0);
        int more = random.nextInt(1 + random.nextInt(MORE_MINUTES));
        Duration drawn = Duration.ofMinutes(SHORTEST_MINUTES + more * more / (MORE_MINUTES - 1)); // few are long
        Scenario scenario = new Scenario(world, random, setting);
        scenario.play(setting.span.orElse(drawn));
        scenario.end();
        truth.close();
        return report(world.watch);
    }

    private SimulationReport report(Watch watch) {
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
        private final Setting setting;
        private int lives;

        Scenario(SimWorld world, Random random, Setting setting) {
            this.world = world;
            this.random = random;
            this.setting = setting;
            this.plan = FaultPlan.draw(random);
            this.wantedNodes = 1 + random.nextInt(MOST_NODES);
            this.disturbance = new Disturbance(world, random.nextLong(), setting.has(Trait.DIFFERENT_ABILITIES));
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
                world.watch.checkProgress();
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
                boolean hasStoreClock = setting.has(Trait.STORE_CLOCK);
                int furthest = hasStoreClock ? MOST_MINUTES_OFF * 60_000 : 1_000;
                process.wallOffset = random.nextInt(2 * furthest) - (long) furthest;
                process.hasStoreClock = hasStoreClock;
                if (setting.has(Trait.DIFFERENT_ABILITIES)) {
                    process.words = random.nextBoolean() ? Set.of(JobMix.WORD) : Set.of();
                }
                if (setting.has(Trait.DIFFERENT_CHANNELS)) {
                    process.platforms = SOME_PLATFORMS.get(random.nextInt(SOME_PLATFORMS.size()));
                }
                SimNode node = new SimNode(world, process, 2 + random.nextInt(8));
                world.nodes.add(node);
                world.watch.happened(
                        process, "begins, delivers to " + new TreeSet<>(process.platforms) + ", has " + process.words);
                node.begin();
            }
        }

        private void settle() {
            world.becomeQuiet();
            long end = world.time.now() + Watch.RestBound.SETTLING.toMillis();
            while (world.time.now() < end && isSound()) {
                bringUp();
                world.time.pause(5_000);
                world.watch.checkProgress();
            }
            if (isSound()) {
                world.watch.checkRest();
            }
            if (isSound()) {
                world.nodes.forEach(node -> node.stop(Duration.ofSeconds(30)));
                long latest = world.time.now() + Duration.ofMinutes(5).toMillis();
                while (world.time.now() < latest && !world.nodes.stream().allMatch(SimNode::isClosed)) {
                    world.time.pause(5_000);
                }
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
