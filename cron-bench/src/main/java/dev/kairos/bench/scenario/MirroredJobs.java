package dev.kairos.bench.scenario;

import com.sun.management.OperatingSystemMXBean;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.NewJob;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many jobs mirrored in {@code jobs.json} of which some are due each second: how often the whole file is written anew. Firing
 * changes no definition, so nothing but the courtesy copy of each minute may write it.
 *
 * <p>{@code MirroredJobs JOBS DUE SECONDS}, over SQLite.
 */
public final class MirroredJobs {
    private static final Duration LOOK = Duration.ofMillis(20);

    private MirroredJobs() {}

    /**
     * Runs the scenario.
     *
     * @param args how many jobs, how many of them each second, for how many seconds
     */
    public static void main(String[] args) throws Exception {
        int jobs = Integer.parseInt(args[0]);
        int due = Integer.parseInt(args[1]);
        Duration length = Duration.ofSeconds(Long.parseLong(args[2]));
        Path home = Files.createTempDirectory("kairos-bench");
        AtomicLong runs = new AtomicLong();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .setting("store.url", "jdbc:sqlite:cron/state.db")
                .setting("cron.jobs_file", "true")
                .handler("beat", call -> {
                    runs.incrementAndGet();
                    return "";
                })
                .build()) {
            runtime.jobs().createAll(definitions(jobs, due));
            runtime.start();
            Path file = home.resolve("cron").resolve("jobs.json");
            awaitFile(file);
            long busy = system.getProcessCpuTime();
            long before = runs.get();
            int writes = countWrites(file, length);
            System.out.printf(
                    Locale.ROOT,
                    "%d jobs in %.1f MB: written %d times in %d s, beside %d runs; %.1f s of processor%n",
                    jobs,
                    Files.size(file) / 1e6,
                    writes,
                    length.toSeconds(),
                    runs.get() - before,
                    (system.getProcessCpuTime() - busy) / 1e9);
        }
        System.exit(0);
    }

    private static List<NewJob> definitions(int jobs, int due) {
        List<NewJob> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Duration period = i < due ? Duration.ofSeconds(1) : Duration.ofDays(1 + i % 300);
            all.add(NewJob.of(JobDefinition.builder()
                    .set(JobField.NAME, "mirrored " + i)
                    .set(JobField.SCHEDULE, Schedule.interval(period, ZoneOffset.UTC))
                    .set(JobField.HANDLER, "beat")
                    .build()));
        }
        return all;
    }

    private static void awaitFile(Path file) throws Exception {
        while (!Files.exists(file)) {
            Thread.sleep(LOOK.toMillis());
        }
        Thread.sleep(5_000); // what the start itself writes is over
    }

    /** Each write puts another file in its place. */
    private static int countWrites(Path file, Duration length) throws Exception {
        int writes = 0;
        long end = System.nanoTime() + length.toNanos();
        Object seen = key(file);
        while (System.nanoTime() < end) {
            Thread.sleep(LOOK.toMillis());
            Object now = key(file);
            if (!Objects.equals(seen, now)) {
                writes++;
                seen = now;
            }
        }
        return writes;
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime();
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
