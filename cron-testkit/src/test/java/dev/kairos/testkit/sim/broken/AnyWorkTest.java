package dev.kairos.testkit.sim.broken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.TagBounds;
import dev.kairos.testkit.sim.SeedRange;
import dev.kairos.testkit.sim.SeedSummary;
import dev.kairos.testkit.sim.Simulation;
import dev.kairos.testkit.sim.SimulationReport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where processes differ in what they can run and jobs share bounds, a store that heeds neither is caught. */
final class AnyWorkTest {
    private static final Duration SPAN = Duration.ofMinutes(6);

    @Test
    void aStoreThatGivesNodesWhatTheyCannotRunIsCaught() {
        Abilities all = new Abilities(Set.of("script")).with(List.of("gpu"));

        isCaught(
                request -> new ClaimRequest(
                        request.node(),
                        request.now(),
                        request.horizon(),
                        request.limit(),
                        all,
                        request.jobId(),
                        request.bounds()),
                "owns what it cannot run");
    }

    @Test
    void aStoreThatHeedsNoBoundIsCaught() {
        isCaught(request -> request.within(TagBounds.NONE), "are owned at once");
    }

    private static void isCaught(UnaryOperator<ClaimRequest> wider, String violation) {
        SeedSummary broken = SeedRange.of(1, 60)
                .untilCaught(3)
                .run(seed -> simulation(seed).through((store, node) -> new AnyWork(store, wider)));

        assertThat(broken.violations()).hasSize(3);
        for (SimulationReport caught : broken.violations()) {
            assertThat(caught.violation().orElseThrow()).contains(violation);
            SimulationReport sound = simulation(caught.seed()).run();
            assertThat(sound.violation()).as(sound::describe).isEmpty();
        }
    }

    private static Simulation simulation(long seed) {
        return Simulation.of(seed).lasting(SPAN).withDifferentAbilities();
    }
}
