package dev.kairos.testkit.sim.broken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.sim.SeedRange;
import dev.kairos.testkit.sim.SeedSummary;
import dev.kairos.testkit.sim.Simulation;
import dev.kairos.testkit.sim.SimulationReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where processes have different channels, a store that gives messages to any of them is caught. */
final class AnyPlatformTest {
    private static final Duration SPAN = Duration.ofMinutes(6);

    @Test
    void aStoreThatGivesEnvelopesToNodesThatCannotDeliverThemIsCaught() {
        SeedSummary broken = SeedRange.of(1, 30)
                .untilCaught(3)
                .run(seed -> simulation(seed).through((store, node) -> new AnyPlatform(store)));

        assertThat(broken.violations()).hasSize(3);
        for (SimulationReport caught : broken.violations()) {
            assertThat(caught.violation().orElseThrow()).startsWith("a node claims an envelope that it cannot deliver");
            SimulationReport sound = simulation(caught.seed()).run();
            assertThat(sound.violation()).as(sound::describe).isEmpty();
        }
    }

    private static Simulation simulation(long seed) {
        return Simulation.of(seed).lasting(SPAN).withDifferentChannels();
    }
}
