package dev.kairos.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/**
 * The real orchestrator under seeds of trouble. {@code -Dkairos.sim.from=N -Dkairos.sim.seeds=N} choose the seeds; {@code
 * -Dkairos.soak=true} takes 20,000, or what fits into ten minutes.
 */
final class SimulatorTest {
    private static final Duration SPAN = Duration.ofMinutes(40);
    private static final Duration SOAK_BOUND = Duration.ofMinutes(10);

    private final boolean isSoak = Boolean.getBoolean("kairos.soak");

    @Test
    void noSeedBreaksAPromise() {
        long from = Long.getLong("kairos.sim.from", 1);
        long seeds = Long.getLong("kairos.sim.seeds", isSoak ? 20_000 : 30);
        InstantSource clock = InstantSource.system();
        Instant end = clock.instant().plus(SOAK_BOUND);
        long starts = 0;
        for (long seed = from; seed < from + seeds && clock.instant().isBefore(end); seed++) {
            SimulationReport report = Simulation.of(seed, SPAN).run();
            assertThat(report.violation()).as(report::describe).isEmpty();
            starts += report.starts();
        }
        assertThat(starts).as("runs started in all seeds").isPositive();
    }

    @Test
    void theSameSeedIsTheSameStory() {
        SimulationReport first = Simulation.of(7, SPAN).run();
        SimulationReport second = Simulation.of(7, SPAN).run();

        assertThat(second).isEqualTo(first);
        assertThat(first.events()).isGreaterThan(100);
        assertThat(Simulation.of(8, SPAN).run().digest()).isNotEqualTo(first.digest());
    }
}
