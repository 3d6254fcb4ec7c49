package dev.kairos.bench.scenario;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * So many jobs that are all due each second: how late they begin, and how many beginnings are missing. The first seconds
 * warm up and do not count.
 *
 * <p>{@code EverySecond JOBS SECONDS CONTENDER...} with contenders {@code kairos-postgres}, {@code kairos-sqlite}, {@code
 * kairos-memory}, {@code db-scheduler}, {@code quartz-postgres}, {@code quartz-ram}.
 */
public final class EverySecond {
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final int PEER_THREADS = 50;

    /** What is still to begin when the time is over is waited for so long. */
    private static final Duration LAST = Duration.ofSeconds(2);

    private EverySecond() {}

    /** One beginning. */
    private record Start(Instant scheduled, double late) {}

    /**
     * Runs the scenario.
     *
     * @param args how many jobs, for how many seconds, which contenders
     */
    public static void main(String[] args) throws Exception {
        int jobs = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("kairos-bench");
        try (EmbeddedPostgres postgres = Servers.durablePostgres()) {
            for (String name : Arrays.asList(args).subList(2, args.length)) {
                try (Beating contender = make(name, folder.resolve(name), postgres, seconds)) {
                    System.out.println(name + " " + measure(contender, jobs, seconds));
                }
            }
        }
        System.exit(0);
    }

    private static Beating make(String name, Path home, EmbeddedPostgres postgres, int seconds) throws Exception {
        String schema = name.replace('-', '_');
        String url = Servers.url(postgres, schema);
        return switch (name) {
            case "kairos-postgres" -> new KairosBeating(home, url);
            case "kairos-sqlite" -> new KairosBeating(home, "jdbc:sqlite:cron/state.db");
            case "kairos-memory" -> new KairosBeating(home, "memory:");
            case "db-scheduler" -> {
                Servers.makeSchema(postgres, schema);
                yield new DbSchedulerBeating(url, (int) WARM_UP.toSeconds() + seconds + 2);
            }
            case "quartz-postgres" -> {
                Servers.makeSchema(postgres, schema);
                QuartzSettings.makeTables(url);
                yield new QuartzBeating(QuartzSettings.clustered(url, PEER_THREADS, schema));
            }
            case "quartz-ram" -> new QuartzBeating(QuartzSettings.inMemory(PEER_THREADS));
            default -> throw new IllegalArgumentException("no contender " + name);
        };
    }

    private static String measure(Beating contender, int jobs, int seconds) throws Exception {
        ConcurrentLinkedQueue<Start> starts = new ConcurrentLinkedQueue<>();
        contender.start(
                jobs,
                scheduled -> starts.add(new Start(
                        scheduled, Duration.between(scheduled, Instant.now()).toNanos() / 1e6)));
        Thread.sleep(WARM_UP.toMillis());
        Instant from = Instant.now();
        Instant to = from.plusSeconds(seconds);
        Thread.sleep(Duration.ofSeconds(seconds).plus(LAST).toMillis());
        List<Double> late = starts.stream()
                .filter(start ->
                        !start.scheduled().isBefore(from) && start.scheduled().isBefore(to))
                .map(Start::late)
                .sorted()
                .toList();
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, most %.1f ms late; %d of %d began",
                late.get(late.size() / 2),
                late.get(late.size() * 99 / 100),
                late.get(late.size() - 1),
                late.size(),
                jobs * seconds);
    }
}
