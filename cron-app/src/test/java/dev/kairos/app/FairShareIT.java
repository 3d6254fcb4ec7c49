package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one real PostgreSQL and more work at one instant than both have slots for. */
class FairShareIT {
    private static final int JOBS = 200;

    @TempDir
    Path folder;

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final Queue<String> nodes = new ConcurrentLinkedQueue<>();

    private CronRuntime node(String name, String url) {
        return CronRuntime.builder()
                .home(folder.resolve(name))
                .setting("store.url", url)
                .setting("cron.max_parallel_jobs", "4")
                .variables(Map.of("PATH", System.getenv("PATH")))
                .handler("work", call -> {
                    Thread.sleep(40);
                    ran.add(call.request().execution().jobId());
                    nodes.add(name);
                    return "";
                })
                .build();
    }

    /** A node claims what its free slots can run, and leaves the rest to the others. */
    @Test
    void eachNodeRunsItsShareAndNothingRunsTwice() throws IOException {
        try (PostgresServer postgres = PostgresServer.in(folder.resolve("server"));
                CronRuntime one = node("one", postgres.url());
                CronRuntime other = node("other", postgres.url())) {
            one.start();
            other.start();
            String soon =
                    Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS).toString();
            for (int i = 0; i < JOBS; i++) {
                JobDefinition work = JobDefinition.builder()
                        .set(JobField.NAME, "work " + i)
                        .set(JobField.HANDLER, "work")
                        .build();
                one.jobs().define(work, soon);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> ran.size() >= JOBS);
        }
        assertThat(ran).hasSize(JOBS).doesNotHaveDuplicates();
        assertThat(nodes.stream().filter("one"::equals).count())
                .as("runs of one of two equal nodes")
                .isBetween(JOBS / 4L, JOBS * 3L / 4);
    }
}
