package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty jobs of one instant, and one platform that is to take all their messages. */
class NineOClockIT {
    private static final int JOBS = 50;
    /** Their platform wants a tenth of a second between two messages: five seconds, less what a slow machine is late with. */
    private static final Duration SPREAD = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final Queue<Instant> arrivals = new ConcurrentLinkedQueue<>();

    @Test
    void fiftyMessagesArriveOnceEachAtThePaceThatThePlatformAsksFor() {
        Reply taken = Reply.of(200, "{\"id\":\"m1\"}");
        try (StandInPlatform platform = new StandInPlatform(new SystemEnvironment()).always(connection -> {
                    arrivals.add(Instant.now());
                    taken.give(connection);
                });
                CronRuntime runtime = CronRuntime.builder()
                        .home(folder)
                        .setting("store.url", "memory:")
                        .setting("delivery.ntfy.url", platform.url())
                        .variables(Map.of("PATH", System.getenv("PATH")))
                        .handler("brief", call -> "good morning")
                        .build()) {
            runtime.start();
            String nine =
                    Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS).toString();
            for (int i = 0; i < JOBS; i++) {
                JobDefinition brief = JobDefinition.builder()
                        .set(JobField.NAME, "brief " + i)
                        .set(JobField.HANDLER, "brief")
                        .set(JobField.DELIVER, List.of("ntfy:topic-" + i))
                        .build();
                runtime.jobs().define(brief, nine);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> arrivals.size() >= JOBS);

            List<String> topics = IntStream.range(0, JOBS)
                    .mapToObj(i -> "\"topic-" + i + "\"")
                    .toList();
            assertThat(platform.requests()).hasSize(JOBS);
            assertThat(topics)
                    .allSatisfy(topic -> assertThat(platform.requests())
                            .filteredOn(request -> request.body().contains(topic))
                            .hasSize(1));
        }
        List<Instant> sorted = arrivals.stream().sorted().toList();
        assertThat(Duration.between(sorted.get(0), sorted.get(JOBS - 1))).isGreaterThan(SPREAD);
    }
}
