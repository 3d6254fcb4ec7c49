package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.JobStore;
import dev.kairos.testkit.sim.SeedRange;
import dev.kairos.testkit.sim.SeedSummary;
import dev.kairos.testkit.sim.Simulation;
import dev.kairos.testkit.sim.SimulationReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The simulator over SQLite's real SQL, in memory. {@code -Dsim.from=N -Dsim.seeds=N} choose the seeds; {@code
 * -Dkairos.soak=true} takes 5,000, otherwise as many as fit into ten seconds.
 */
final class SqliteSimulatorTest {
    private static final AtomicLong LAST = new AtomicLong();
    private static final Duration BOUND = Duration.ofSeconds(7);
    private static final long LEAST = 10;
    private static final long SOAK = 5_000;

    @Test
    void noSeedBreaksAPromiseOverRealSql() {
        long from = Long.getLong("sim.from", 1);
        Long asked = Long.getLong("sim.seeds");
        SeedRange range = SeedRange.of(from, asked == null ? SOAK : asked);
        boolean isBounded = asked == null && !Boolean.getBoolean("kairos.soak");
        SeedSummary summary = (isBounded ? range.within(BOUND, LEAST) : range)
                .run(seed -> Simulation.varied(seed).over(SqliteSimulatorTest::fresh));

        System.out.println("simulator on sqlite from=" + from + " " + summary.line());
        assertThat(summary.violations())
                .as(() -> summary.violations().get(0).describe())
                .isEmpty();
        assertThat(summary.starts()).as("runs started in all seeds").isPositive();
    }

    @Test
    void theSameSeedIsTheSameStoryOnEveryStore() {
        SimulationReport first = simulation(7).run();

        assertThat(simulation(7).run()).isEqualTo(first);
        assertThat(Simulation.of(7).run().digest()).isEqualTo(first.digest());
    }

    private static Simulation simulation(long seed) {
        return Simulation.of(seed).over(SqliteSimulatorTest::fresh);
    }

    private static JobStore fresh() {
        return new JdbcStore(SqliteDialect.inMemory("sim-" + LAST.incrementAndGet()), new RealTime());
    }
}
