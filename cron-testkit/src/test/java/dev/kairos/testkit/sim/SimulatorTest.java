package dev.kairos.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The real orchestrator under seeds of trouble. {@code -Dsim.from=N -Dsim.seeds=N} choose the seeds; {@code
 * -Dkairos.soak=true} takes 100,000, otherwise as many as fit into fourteen seconds.
 */
final class SimulatorTest {
    private static final Duration BOUND = Duration.ofSeconds(14);
    private static final long LEAST = 30;
    private static final long SOAK = 100_000;

    @Test
    void noSeedBreaksAPromise() {
        long from = Long.getLong("sim.from", 1);
        Long asked = Long.getLong("sim.seeds");
        SeedRange range = SeedRange.of(from, asked == null ? SOAK : asked);
        boolean isBounded = asked == null && !Boolean.getBoolean("kairos.soak");
        SeedSummary summary = (isBounded ? range.within(BOUND, LEAST) : range).run(Simulation::varied);

        System.out.println("simulator from=" + from + " " + summary.line());
        assertThat(summary.violations())
                .as(() -> summary.violations().get(0).describe())
                .isEmpty();
        assertThat(summary.starts()).as("runs started in all seeds").isPositive();
    }

    /** The true time is the store's: what a process's own clock shows excuses nothing. */
    @Test
    void clocksThatAreMinutesOffBreakNoPromiseOfAStoreWithAClock() {
        SeedSummary summary = SeedRange.of(1, SOAK)
                .within(BOUND.dividedBy(2), LEAST)
                .run(seed -> Simulation.of(seed).withStoreClock());

        System.out.println("simulator with a store's clock " + summary.line());
        assertThat(summary.violations())
                .as(() -> summary.violations().get(0).describe())
                .isEmpty();
        assertThat(summary.starts()).as("runs started in all seeds").isPositive();
        assertThat(Simulation.of(7).withStoreClock().run())
                .isEqualTo(Simulation.of(7).withStoreClock().run());
    }

    @Test
    void theSameSeedIsTheSameStory() {
        SimulationReport first = Simulation.of(7).run();
        SimulationReport second = Simulation.of(7).run();

        assertThat(second).isEqualTo(first);
        assertThat(first.events()).isGreaterThan(100);
        assertThat(Simulation.of(8).run().digest()).isNotEqualTo(first.digest());
    }
}
