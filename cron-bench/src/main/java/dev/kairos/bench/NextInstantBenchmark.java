package dev.kairos.bench;

import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time from an instant to the next one of an expression, for our engine and the peers. Each call asks from another of
 * 256 bases spread over two years, so that every season, month end and change of the clocks is met; each engine is given
 * its bases in the type its own API takes, made beforehand.
 *
 * <p>Status: internal.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class NextInstantBenchmark {
    static final int BASES = 256;

    /** Who computes. */
    @Param({"KAIROS", "JOBRUNR", "SPRING", "QUARTZ", "CRON_UTILS"})
    public NextInstantEngine engine = NextInstantEngine.KAIROS;

    /** In unix form; each peer is given its own dialect of it. */
    @Param({
        "* * * * *",
        "*/15 * * * *",
        "0 9 * * *",
        "30 2 * * *",
        "*/15 9-17 * * MON-FRI",
        "0 0 1 * *",
        "0 0 L * *",
        "0 9 * * MON#2",
        "0 12 1,15 * *",
        "0 0 31 * *",
        "0 0 29 2 *"
    })
    public String expression = "* * * * *";

    /** The zone the expression is read in. */
    @Param({"UTC", "America/New_York"})
    public String zone = "UTC";

    private NextInstantEngine.Asked asked = base -> base;
    private int base;

    /** Compiles the expression and makes the bases. Skips the combination a peer cannot read. */
    @Setup
    public void compile() {
        asked = engine.compile(expression, ZoneId.of(zone), bases());
    }

    static Instant[] bases() {
        Instant[] bases = new Instant[BASES];
        Instant first = Instant.parse("2026-01-01T00:00:07Z");
        for (int i = 0; i < BASES; i++) {
            bases[i] = first.plusSeconds(i * 246_413L);
        }
        return bases;
    }

    /** One question. */
    @Benchmark
    public @Nullable Object next() {
        base = (base + 1) & (BASES - 1);
        return asked.next(base);
    }
}
