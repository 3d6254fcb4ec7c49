package dev.kairos.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Simulations of many seeds, side by side on the machine's cores, in the order of the seeds, until enough violations were
 * found, all seeds were taken or the time is over.
 *
 * <p>Immutable. Status: experimental since 0.1.
 */
public final class SeedRange {
    private final long first;
    private final long count;
    private final long atLeast;
    private final @Nullable Duration bound;
    private final int wanted;

    private SeedRange(long first, long count, long atLeast, @Nullable Duration bound, int wanted) {
        this.first = first;
        this.count = count;
        this.atLeast = atLeast;
        this.bound = bound;
        this.wanted = wanted;
    }

    /** So many seeds from the first on; it stops at the first violation. */
    public static SeedRange of(long first, long count) {
        return new SeedRange(first, count, count, null, 1);
    }

    /** The same, ended once the time is over and the given number of seeds was taken. */
    public SeedRange within(Duration time, long least) {
        return new SeedRange(first, count, least, time, wanted);
    }

    /** The same, stopped only once so many seeds were found to break a promise. */
    public SeedRange untilCaught(int violations) {
        return new SeedRange(first, count, atLeast, bound, violations);
    }

    /**
     * Runs them and waits for their end.
     *
     * @throws IllegalStateException if a simulation could not be brought to its end, with its seed
     */
    public SeedSummary run(LongFunction<Simulation> simulation) {
        int cores = (int) Math.min(count, Runtime.getRuntime().availableProcessors());
        Course course = new Course(simulation);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < cores; i++) {
            workers.add(SimThreads.start("seeds-" + i, course::work));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            course.stop();
            Thread.currentThread().interrupt();
        }
        return course.summary(cores);
    }

    /** One run through the range. */
    private final class Course {
        private final LongFunction<Simulation> simulation;
        private final long begun = System.nanoTime();
        private final AtomicLong next = new AtomicLong(first);
        private final List<SimulationReport> violations = new ArrayList<>();
        private long seeds;
        private long starts;
        private long sends;
        private long events;
        private volatile boolean isOver;
        private volatile @Nullable IllegalStateException failure;

        Course(LongFunction<Simulation> simulation) {
            this.simulation = simulation;
        }

        void work() {
            while (!isOver) {
                long seed = next.getAndIncrement();
                if (seed >= first + count || seed >= first + atLeast && isLate()) {
                    return;
                }
                try {
                    note(simulation.apply(seed).run());
                } catch (RuntimeException | Error e) {
                    failure = new IllegalStateException("seed " + seed + " could not be simulated", e);
                    isOver = true;
                }
            }
        }

        private boolean isLate() {
            return bound != null && System.nanoTime() - begun > bound.toNanos();
        }

        private synchronized void note(SimulationReport report) {
            seeds++;
            starts += report.starts();
            sends += report.sends();
            events += report.events();
            if (report.violation().isPresent()) {
                violations.add(report);
                isOver = violations.size() >= wanted;
            }
        }

        void stop() {
            isOver = true;
        }

        synchronized SeedSummary summary(int cores) {
            IllegalStateException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            List<SimulationReport> inOrder = violations.stream()
                    .sorted(Comparator.comparingLong(SimulationReport::seed))
                    .limit(wanted)
                    .toList();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new SeedSummary(seeds, starts, sends, events, took, cores, inOrder);
        }
    }
}
