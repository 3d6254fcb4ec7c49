package dev.kairos.bench.scenario;

import com.sun.management.OperatingSystemMXBean;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.NewJob;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Many jobs of which none is due: what a daemon costs that only waits. The jobs are stored by a process of its own; another
 * opens the store, starts, waits until it has looked at everything once, and measures.
 *
 * <p>{@code IdleJobs JOBS STORE...} with stores {@code postgres} and {@code sqlite} runs each with 1,000 jobs and with so
 * many.
 */
public final class IdleJobs {
    private static final int FEW = 1_000;
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int MOST_LOOKS = 30;
    private static final int TICKS = 1_001;

    private IdleJobs() {}

    /**
     * Runs the scenario.
     *
     * @param args how many jobs and which stores; or, in the processes that it starts, what to do where
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("store")) {
            store(args[1], Path.of(args[2]), Integer.parseInt(args[3]));
            System.exit(0);
        } else if (args[0].equals("idle")) {
            idle(args[1], Path.of(args[2]));
            System.exit(0);
        }
        Path folder = Files.createTempDirectory("kairos-bench");
        try (EmbeddedPostgres postgres = Servers.durablePostgres()) {
            for (int i = 1; i < args.length; i++) {
                for (int jobs : new int[] {FEW, Integer.parseInt(args[0])}) {
                    Path home = folder.resolve(args[i] + "-" + jobs);
                    String url = args[i].equals("sqlite")
                            ? "jdbc:sqlite:cron/state.db"
                            : Servers.url(postgres, "idle" + jobs);
                    System.out.printf(Locale.ROOT, "%s, %d jobs: ", args[i], jobs);
                    System.out.flush();
                    inProcess("store", url, home, Integer.toString(jobs));
                    inProcess("idle", url, home, "");
                }
            }
        }
        System.exit(0);
    }

    private static void inProcess(String what, String url, Path home, String jobs) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleJobs.class.getName(),
                        what,
                        url,
                        home.toString(),
                        jobs)
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(what + " failed");
        }
    }

    private static CronRuntime runtime(String url, Path home) {
        return CronRuntime.builder()
                .home(home)
                .setting("store.url", url)
                .setting("cron.jobs_file", "false")
                .handler("beat", call -> "")
                .build();
    }

    /** A thousand are made as usual, the others copied from them by the database. */
    private static void store(String url, Path home, int jobs) throws SQLException {
        long begun = System.nanoTime();
        try (CronRuntime runtime = runtime(url, home)) {
            List<NewJob> few = new ArrayList<>();
            for (int i = 0; i < FEW; i++) {
                few.add(NewJob.of(JobDefinition.builder()
                        .set(JobField.NAME, "idle " + i)
                        .set(JobField.SCHEDULE, Schedule.interval(Duration.ofDays(1 + i % 300), ZoneOffset.UTC))
                        .set(JobField.HANDLER, "beat")
                        .build()));
            }
            runtime.jobs().createAll(few);
        }
        boolean isFile = url.startsWith("jdbc:sqlite:");
        try (Connection connection =
                        DriverManager.getConnection(isFile ? "jdbc:sqlite:" + home.resolve("cron/state.db") : url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            multiply(statement, "definitions", "job_id", jobs / FEW);
            multiply(statement, "jobs", "id", jobs / FEW);
            statement.execute("ANALYZE");
            connection.commit();
        }
        System.out.printf(Locale.ROOT, "stored in %.0f s, ", (System.nanoTime() - begun) / 1e9);
        System.out.flush();
    }

    private static void multiply(Statement statement, String table, String id, int times) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet none = statement.executeQuery("SELECT * FROM " + table + " LIMIT 0")) {
            for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                columns.add(none.getMetaData().getColumnName(i));
            }
        }
        String all = String.join(", ", columns);
        statement.execute("INSERT INTO " + table + " (" + all
                + ") WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + (times - 1)
                + ") SELECT "
                + all.replaceFirst("\\b" + id + "\\b", id + " || '-' || i") + " FROM " + table + ", n WHERE i < "
                + times);
    }

    private static void idle(String url, Path home) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (CronRuntime runtime = runtime(url, home)) {
            runtime.start();
            untilQuiet(system);
            long heap = heapAfterCollection();
            long busy = system.getProcessCpuTime();
            Instant until = Instant.now().plus(IDLE);
            while (Instant.now().isBefore(until)) {
                Thread.sleep(Math.max(1, Duration.between(Instant.now(), until).toMillis()));
            }
            double idle = (system.getProcessCpuTime() - busy) / 1e9;
            long[] ticks = new long[TICKS];
            for (int i = 0; i < TICKS; i++) {
                long begun = System.nanoTime();
                runtime.tick();
                ticks[i] = System.nanoTime() - begun;
            }
            Arrays.sort(ticks);
            System.out.printf(
                    Locale.ROOT,
                    "heap %.1f MB, %.3f s of processor in %d s, a tick that finds nothing: median %.2f ms, p99 %.2f ms%n",
                    heap / 1e6,
                    idle,
                    IDLE.toSeconds(),
                    ticks[TICKS / 2] / 1e6,
                    ticks[TICKS * 99 / 100] / 1e6);
        }
    }

    /** The first look at all jobs, and what is compiled after it, is over once little is done for some seconds. */
    private static void untilQuiet(OperatingSystemMXBean system) throws InterruptedException {
        long before;
        long after = system.getProcessCpuTime();
        int looks = 0;
        do {
            before = after;
            Thread.sleep(4_000);
            after = system.getProcessCpuTime();
        } while (after - before > 40_000_000L && ++looks < MOST_LOOKS);
    }

    private static long heapAfterCollection() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
