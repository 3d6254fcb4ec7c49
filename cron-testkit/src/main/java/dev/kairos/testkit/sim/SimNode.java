package dev.kairos.testkit.sim;

import dev.kairos.api.FireRequest;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Signal;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.OrchestratorSettings;
import dev.kairos.orchestrator.StoreClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One life of a node: a process with an orchestrator and a ticker like the built-in one. */
final class SimNode {
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PIECE = Duration.ofSeconds(5);

    final SimProcess process;
    final SimEnvironment environment;
    final SimStore store;
    private final StoreClock clock;
    private final SimWorld world;
    private final Orchestrator orchestrator;
    private final Signal wake;
    private final int slots;
    private boolean isOpen;
    private boolean isStopping;
    private boolean isClosed;

    SimNode(SimWorld world, SimProcess process, int slots) {
        this.world = world;
        this.process = process;
        this.slots = slots;
        world.begins(process);
        this.environment = new SimEnvironment(world.time, process, SimWorld.ORIGIN, this::livenessOf);
        this.store = world.storeOf(environment);
        this.clock = new StoreClock(environment, () -> store.nodes().clock());
        OrchestratorParts.Builder parts = OrchestratorParts.builder(environment, store, Path.of("/sim"))
                .clock(clock)
                .outputs(world.outputs)
                .composer(world.outputs)
                .settings(OrchestratorSettings.builder()
                        .maxParallelJobs(slots)
                        .maxParallelSends(slots)
                        .tagBounds(world.bounds)
                        .ledger(PruneRules.LEDGER_AGE, PruneRules.LEDGER_ROWS)
                        .build())
                .abilities(process::abilities)
                .runner(new SimWork(world, process));
        process.platforms.forEach(platform -> parts.channel(new SimChannel(world, environment, platform)));
        this.orchestrator = new Orchestrator(parts.build());
        this.wake = environment.newSignal();
    }

    private NodeProbe.Liveness livenessOf(NodeIdentity node) {
        return world.livenessOf(node);
    }

    /** Begins the life: opens, then ticks until the stop or the death. */
    void begin() {
        environment.start("ticker", () -> {
            open();
            tickUntilStopped();
        });
    }

    private void open() {
        while (!isOpen) {
            try {
                orchestrator.open();
                orchestrator.firesByItself();
                isOpen = true;
            } catch (RuntimeException e) {
                world.watch.happened(process, "open failed: " + e.getMessage());
                world.time.pause(1_000);
            }
        }
        orchestrator.onWake(wake::raise);
    }

    private void tickUntilStopped() {
        while (!isStopping) {
            Duration wait;
            try {
                TickReport report = orchestrator.tickAhead();
                Optional<Instant> next = report.nextWakeAt();
                Duration until = next.map(
                                at -> Duration.between(clock.environment().now(), at))
                        .orElse(INTERVAL);
                wait = until.compareTo(INTERVAL) < 0 ? until : INTERVAL;
                if (report.moreDue() && wait.compareTo(AFTER_FAILURE) < 0) {
                    wait = INTERVAL; // a freed slot wakes
                }
            } catch (RuntimeException e) {
                wait = AFTER_FAILURE;
            }
            await(wait);
        }
    }

    private void await(Duration wait) {
        Duration end = environment.uptime().plus(wait);
        Duration left = wait;
        while (!left.isNegative() && !left.isZero() && !isStopping) {
            Duration uptime = environment.uptime();
            Instant now = clock.environment().now();
            try {
                if (wake.await(left.compareTo(PIECE) < 0 ? left : PIECE)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            Duration step = Duration.between(now, clock.environment().now())
                    .minus(environment.uptime().minus(uptime));
            if (step.abs().compareTo(AFTER_FAILURE) > 0) {
                return;
            }
            left = end.minus(environment.uptime());
        }
    }

    /** Lets a provider's trigger come, early, late or twice. */
    void fire(FireRequest request) {
        environment.start("provider", () -> {
            if (isOpen && !isStopping) {
                orchestrator.fire(request, "provider");
            }
        });
    }

    /** Ends an attempt that this node runs. */
    void cancel(String executionId) {
        environment.start("cancel", () -> orchestrator.cancel(executionId));
    }

    /** Stops in good order, on a strand of its own. */
    void stop(Duration forRuns) {
        isStopping = true;
        environment.start("stop", () -> {
            Duration begun = environment.uptime();
            wake.raise();
            if (isOpen) {
                orchestrator.close(forRuns, Duration.ofSeconds(15));
            }
            world.watch.closed(process, forRuns, environment.uptime().minus(begun));
            isClosed = true;
            world.time.kill(process);
        });
    }

    boolean isAlive() {
        return !process.isDead;
    }

    boolean isServing() {
        return isOpen && !isStopping && isAlive();
    }

    /** How many runs it has room for. */
    int slots() {
        return slots;
    }

    boolean isClosed() {
        return isClosed;
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }
}
