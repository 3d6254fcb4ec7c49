package dev.kairos.provider.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.orchestrator.jobs.ResumeMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole host behind this provider. */
class EndToEndTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private CronRuntime build(Map<String, String> settings) {
        RuntimeBuilder builder = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("store.url", "memory:")
                .setting("cron.provider", "db-scheduler");
        settings.forEach((key, value) -> builder.setting("cron.db-scheduler." + key, value));
        return builder.build();
    }

    private static List<Execution> runs(CronRuntime kairos, String job) {
        return kairos.store()
                .ledger()
                .list(ExecutionQuery.ofJob(kairos.jobs().find(job).id(), 1_000).in(Set.of(ExecutionStatus.OK)));
    }

    @Test
    void jobsOfASecondFireAndFollowEveryChange() {
        followsEveryChange(Map.of("url", Postgres.freshUrl(), "user", "postgres", "polling_interval", "PT0.2S"));
    }

    private void followsEveryChange(Map<String, String> settings) {
        try (CronRuntime kairos = build(settings)) {
            for (String job : List.of("one", "edited", "paused", "removed")) {
                kairos.define(job, "every 1s", call -> job);
            }
            kairos.start();
            for (String job : List.of("one", "edited", "paused", "removed")) {
                await().atMost(LONG).until(() -> !runs(kairos, job).isEmpty());
            }
            assertThat(kairos.status().provider().name()).isEqualTo("db-scheduler");
            assertThat(kairos.status().provider().state()).isEqualTo("armed");
            assertThat(kairos.status().provider().coveredBecause()).isEmpty();

            kairos.jobs().pause("paused", Optional.empty());
            kairos.define("edited", "every 1h", call -> "edited");
            kairos.jobs().remove("removed");
            int paused = runs(kairos, "paused").size();
            int edited = runs(kairos, "edited").size();
            int before = runs(kairos, "one").size();
            await().atMost(LONG).until(() -> runs(kairos, "one").size() >= before + 2);
            assertThat(runs(kairos, "paused").size()).isBetween(paused, paused + 1);
            assertThat(runs(kairos, "edited").size()).isBetween(edited, edited + 1);

            kairos.jobs().resume("paused", ResumeMode.NEXT);
            await().atMost(LONG).until(() -> runs(kairos, "paused").size() >= paused + 1);
            assertThat(runs(kairos, "one")).extracting(Execution::scheduledAt).doesNotHaveDuplicates();
            assertThat(runs(kairos, "one"))
                    .filteredOn(run -> run.source().equals(Optional.of("db-scheduler")))
                    .hasSizeGreaterThan(2);
        }
    }
}
