package dev.kairos.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each promise that is taken away on purpose is missed within a few hundred seeds; the sound store passes that seed. */
final class BrokenVariantsTest {
    private static final Duration SPAN = Duration.ofMinutes(20);
    private static final long SEEDS = 300;

    @ParameterizedTest
    @EnumSource(BrokenStore.Fault.class)
    void theSimulatorNoticesADeliberateFault(BrokenStore.Fault fault) {
        Optional<SimulationReport> caught = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> Simulation.of(seed, SPAN)
                        .on(store -> new BrokenStore(store, fault))
                        .run())
                .filter(report -> report.violation().isPresent())
                .findFirst();

        assertThat(caught).as("%s within %d seeds", fault, SEEDS).isPresent();
        SimulationReport sound =
                Simulation.of(caught.orElseThrow().seed(), SPAN).run();
        assertThat(sound.violation()).as(sound::describe).isEmpty();
    }
}
