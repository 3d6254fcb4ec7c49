package dev.kairos.testkit.sim.broken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.sim.SeedRange;
import dev.kairos.testkit.sim.SeedSummary;
import dev.kairos.testkit.sim.Simulation;
import dev.kairos.testkit.sim.SimulationReport;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each promise that is broken on purpose is missed at three seeds, each time by the rule that stands for it; the sound store passes those same seeds. */
final class BrokenVariantsTest {
    private static final Duration SPAN = Duration.ofMinutes(6);
    private static final long MOST_SEEDS = 300;
    private static final int CAUGHT = 3;

    @ParameterizedTest
    @EnumSource(Variant.class)
    void theSimulatorCatchesItAtThreeSeedsThatTheSoundStorePasses(Variant variant) {
        SeedSummary broken = SeedRange.of(1, MOST_SEEDS)
                .untilCaught(CAUGHT)
                .run(seed -> Simulation.of(seed).lasting(SPAN).through(variant.view()));

        assertThat(broken.violations())
                .as("%s, caught within %d seeds", variant, MOST_SEEDS)
                .hasSize(CAUGHT);
        for (SimulationReport caught : broken.violations()) {
            System.out.println(variant + " seed=" + caught.seed() + " "
                    + caught.violation().orElseThrow());
            assertThat(caught.violation().orElseThrow()).as(caught::describe).containsPattern(variant.rule());
            SimulationReport sound = Simulation.of(caught.seed()).lasting(SPAN).run();
            assertThat(sound.violation()).as(sound::describe).isEmpty();
        }
    }
}
