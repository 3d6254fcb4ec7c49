package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole host on virtual time behind a provider that falls silent and comes back. */
class BackstopTest {
    @TempDir
    Path folder;

    private final ManualEnvironment time = new ManualEnvironment(Instant.parse("2027-01-15T09:59:30Z"));
    private final MemoryStore store = new MemoryStore("backstop");
    private CronRuntime runtime;

    @BeforeEach
    void forget() {
        OutsideProvider.forget();
        OutsideProvider.pace = Duration.ofSeconds(2);
    }

    @AfterEach
    void close() {
        if (runtime != null) {
            var ending = time.start("close", runtime::close);
            time.advance(Duration.ofSeconds(10));
            assertThat(ending.isDone()).isTrue();
        }
    }

    private String begin(String schedule, Misfire misfire) {
        runtime = CronRuntime.builder()
                .home(folder.resolve("home"))
                .caller(Caller.operator())
                .environment(time)
                .variables(Map.of())
                .store(store)
                .loader(ListedProviders.of(folder, OutsideProvider.class))
                .setting("cron.provider", "outside")
                .build();
        String job = runtime.define(
                        JobDefinition.builder()
                                .set(JobField.NAME, "beat")
                                .set(JobField.MISFIRE, misfire)
                                .build(),
                        schedule,
                        call -> "ran")
                .job()
                .id();
        var starting = time.start("start", runtime::start);
        time.settle();
        time.advance(Duration.ofSeconds(10));
        assertThat(starting.isDone()).isTrue();
        assertThat(runtime.status().provider().state()).isEqualTo("armed");
        return job;
    }

    private List<Execution> rows(String job) {
        List<Execution> rows = new ArrayList<>(store.ledger().list(ExecutionQuery.ofJob(job, 1_000)));
        Collections.reverse(rows);
        return rows;
    }

    @Test
    void whatTheBackstopClaimsSaysSoInItsRowAndIsExcusedItsLateness() {
        String job = begin("0 10 * * *", new Misfire(Misfire.Policy.SKIP, Optional.of(Duration.ofMinutes(2))));
        OutsideProvider.isSilent = true;
        time.advance(Duration.ofMinutes(10));
        assertThat(rows(job)).isEmpty();

        time.advance(Duration.ofSeconds(60));

        assertThat(rows(job)).singleElement().satisfies(row -> {
            assertThat(row.source()).contains("backstop");
            assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
            assertThat(row.reason())
                    .as("eleven minutes late, five of grace: excused")
                    .contains("late");
        });
        assertThat(runtime.status().provider().state()).isEqualTo("deaf");
    }

    @Test
    void behindADeafProviderTheTickerFiresAndGivesTheTriggerBackAfterThreeAttempts() {
        String job = begin("* * * * *", Misfire.DEFAULT);
        time.advance(Duration.ofMinutes(2));
        assertThat(rows(job)).isNotEmpty().allMatch(row -> row.source().equals(Optional.of("outside")));
        OutsideProvider.isSilent = true;
        time.advance(Duration.ofMinutes(4));
        assertThat(runtime.status().provider().state()).isEqualTo("deaf");
        assertThat(runtime.status().provider().coveredBecause().orElseThrow()).contains("3 due instants");
        int before = rows(job).size();
        time.advance(Duration.ofMinutes(3));
        assertThat(rows(job)).as("a run each minute").hasSize(before + 3);

        OutsideProvider.isSilent = false;
        time.advance(Duration.ofMinutes(4));

        assertThat(runtime.status().provider().state()).isEqualTo("armed");
        time.advance(Duration.ofMinutes(2));
        List<Execution> rows = rows(job);
        assertThat(rows.get(rows.size() - 1).source()).contains("outside");
        assertThat(rows).extracting(Execution::scheduledAt).doesNotHaveDuplicates();
    }

    @Test
    void aRetryBehindASilentProviderComesAtItsTimeAndTakesNoOccurrence() {
        String job = begin("* * * * *", Misfire.DEFAULT);
        OutsideProvider.isSilent = true;
        time.advance(Duration.ofSeconds(30)); // due, and nobody fires
        runtime.jobs().requestRun(job);
        time.advance(Duration.ofSeconds(5));
        assertThat(rows(job))
                .filteredOn(row -> row.status() == ExecutionStatus.OK)
                .singleElement()
                .satisfies(row -> assertThat(row.trigger()).isEqualTo(Trigger.REQUEST));
    }

    @Test
    void theWakeUpIsArmedAtMostFiveMinutesAheadWhileSomethingIsOpen() {
        String job = begin("0 12 * * *", Misfire.DEFAULT);
        assertThat(OutsideProvider.ARMED).containsOnlyKeys(job);
        var row = Execution.builder("q", job, time.now())
                .status(ExecutionStatus.RETRY)
                .dueAt(time.now().plusSeconds(1_800))
                .build();
        store.claims().decide(job, view -> Amendment.builder().row(row).build());

        for (int i = 0; i < 30; i++) {
            time.advance(Duration.ofSeconds(60));
            if (store.ledger().find("q").orElseThrow().status() == ExecutionStatus.RETRY) {
                assertThat(OutsideProvider.ARMED.get("_wake"))
                        .isNotNull()
                        .isBeforeOrEqualTo(time.now().plusSeconds(301));
            }
        }
        time.advance(Duration.ofSeconds(60));
        assertThat(store.ledger().find("q").orElseThrow().status()).isEqualTo(ExecutionStatus.OK);
        assertThat(OutsideProvider.ARMED).containsOnlyKeys(job);
    }
}
