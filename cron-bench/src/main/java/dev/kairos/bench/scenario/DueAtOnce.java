package dev.kairos.bench.scenario;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * So many jobs that do nothing, all due at one instant: how long until each has run and its completion is committed, and how
 * long it took to store them. Each contender runs in turn, several times; medians are comparable within one run only. The
 * first round of each warms up and is not counted.
 *
 * <p>{@code DueAtOnce JOBS ROUNDS CONTENDER...} with contenders {@code kairos-postgres}, {@code kairos-sqlite},
 * {@code kairos-memory}, {@code db-scheduler}, {@code quartz-postgres}, {@code quartz-ram}; {@code -twice} behind the name of
 * one on PostgreSQL are two nodes of it in this process.
 */
public final class DueAtOnce {
    private static final int PARALLEL = Integer.getInteger("bench.parallel", 400);
    private static final int PEER_THREADS = 50;
    private static final Duration HEAD_START = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final AtomicInteger LAST = new AtomicInteger();

    private final int jobs;
    private final Path folder;
    private final EmbeddedPostgres postgres;

    private DueAtOnce(int jobs, Path folder, EmbeddedPostgres postgres) {
        this.jobs = jobs;
        this.folder = folder;
        this.postgres = postgres;
    }

    /**
     * Runs the scenario.
     *
     * @param args how many jobs, how many counted rounds, which contenders
     */
    public static void main(String[] args) throws Exception {
        List<String> contenders = Arrays.asList(args).subList(2, args.length);
        int rounds = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("kairos-bench");
        try (EmbeddedPostgres postgres = Servers.durablePostgres()) {
            DueAtOnce scenario = new DueAtOnce(Integer.parseInt(args[0]), folder, postgres);
            List<List<Result>> results = new ArrayList<>();
            contenders.forEach(name -> results.add(new ArrayList<>()));
            for (int round = 0; round <= rounds; round++) {
                for (int i = 0; i < contenders.size(); i++) {
                    Result result = scenario.run(contenders.get(i));
                    System.out.printf(Locale.ROOT, "%s round %d: %s%n", contenders.get(i), round, result);
                    if (round > 0) {
                        results.get(i).add(result);
                    }
                }
            }
            for (int i = 0; i < contenders.size(); i++) {
                System.out.printf(
                        Locale.ROOT,
                        "%s median %.0f jobs/s, stored in %.2f s%n",
                        contenders.get(i),
                        median(results.get(i), Result::rate),
                        median(results.get(i), Result::stored));
            }
        }
        System.exit(0);
    }

    private record Result(double stored, double seconds, double rate, int doubles) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "stored in %.2f s, done in %.2f s, %.0f jobs/s, %d doubles",
                    stored,
                    seconds,
                    rate,
                    doubles);
        }
    }

    private static double median(List<Result> results, ToDoubleFunction<Result> value) {
        double[] sorted = results.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Result run(String name) throws Exception {
        BitSet ran = new BitSet();
        AtomicInteger doubles = new AtomicInteger();
        Contender.Ran counter = job -> {
            synchronized (ran) {
                if (ran.get(job)) {
                    doubles.incrementAndGet();
                }
                ran.set(job);
            }
        };
        try (Contender contender = make(name, counter)) {
            Instant dueAt = Instant.now().plus(HEAD_START);
            long begun = System.nanoTime();
            contender.store(jobs, dueAt);
            double stored = seconds(begun);
            contender.start();
            long wait = Duration.between(Instant.now(), dueAt).toNanos();
            long due = System.nanoTime() + wait;
            while (contender.completed() < jobs) {
                if (System.nanoTime() - due > LONGEST.toNanos()) {
                    throw new IllegalStateException(name + " ended only " + contender.completed());
                }
                Thread.sleep(5);
            }
            double took = seconds(due);
            return new Result(stored, took, jobs / took, doubles.get());
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private Contender make(String name, Contender.Ran ran) throws Exception {
        int number = LAST.incrementAndGet();
        String schema = "b" + number;
        String server = Servers.url(postgres, schema);
        Path home = folder.resolve("home-" + number);
        switch (name) {
            case "kairos-postgres":
                return new KairosContender(home, server, PARALLEL, ran);
            case "kairos-postgres-twice":
                return new SharedBy(
                        List.of(
                                new KairosContender(home, server, PARALLEL, ran),
                                new KairosContender(folder.resolve("second-" + number), server, PARALLEL, ran)),
                        false);
            case "kairos-sqlite":
                return new KairosContender(home, "jdbc:sqlite:cron/state.db", PARALLEL, ran);
            case "kairos-memory":
                return new KairosContender(home, "memory:", PARALLEL, ran);
            case "db-scheduler":
                Servers.makeSchema(postgres, schema);
                DbSchedulerContender.makeTable(server);
                return new DbSchedulerContender(server, PEER_THREADS, ran);
            case "db-scheduler-twice":
                Servers.makeSchema(postgres, schema);
                DbSchedulerContender.makeTable(server);
                return new SharedBy(
                        List.of(
                                new DbSchedulerContender(server, PEER_THREADS, ran),
                                new DbSchedulerContender(server, PEER_THREADS, ran)),
                        true);
            case "quartz-postgres":
                Servers.makeSchema(postgres, schema);
                QuartzSettings.makeTables(server);
                return new QuartzContender(QuartzSettings.clustered(server, PEER_THREADS, schema), ran);
            case "quartz-ram":
                return new QuartzContender(QuartzSettings.inMemory(PEER_THREADS), ran);
            default:
                throw new IllegalArgumentException("no contender " + name);
        }
    }
}
