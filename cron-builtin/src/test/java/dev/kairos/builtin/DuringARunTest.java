package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do to a job while it runs, and what a copied home makes of runs that it finds. */
class DuringARunTest {
    private static final Instant TEN = Instant.parse("2027-01-15T10:00:00Z");

    @TempDir
    Path home;

    private final ManualEnvironment time = new ManualEnvironment(TEN.minusSeconds(30));
    private final MemoryStore store = new MemoryStore("during");
    private final List<Instant> began = new ArrayList<>();
    private final Signal release = time.newSignal();
    private CronRuntime runtime;
    private String job;

    @BeforeEach
    void anHourlyJobThatRunsUntilItIsReleased() {
        runtime = CronRuntime.builder()
                .home(home)
                .caller(Caller.operator())
                .environment(time)
                .variables(Map.of())
                .store(store)
                .build();
        job = runtime.define("slow", "0 * * * *", call -> {
                    began.add(call.request().execution().scheduledAt());
                    release.await(Duration.ofMinutes(50));
                    return "done";
                })
                .job()
                .id();
    }

    @AfterEach
    void close() {
        release.raise();
        time.start("close", runtime::close);
        time.advance(Duration.ofSeconds(60));
    }

    private void start() {
        runtime.start();
        time.settle();
    }

    private void startAndRun() {
        start();
        time.advance(Duration.ofSeconds(31));
        assertThat(began).containsExactly(TEN);
    }

    private void end() {
        release.raise();
        time.advance(Duration.ofSeconds(5));
    }

    private void upTo(Instant instant) {
        time.suspend(Duration.between(time.now(), instant).minusSeconds(10));
        time.advance(Duration.ofSeconds(15));
    }

    private List<String> rows() {
        List<Execution> rows = new ArrayList<>(store.ledger().list(ExecutionQuery.ofJob(job, 100)));
        rows.sort((one, other) -> one.scheduledAt().compareTo(other.scheduledAt()));
        return rows.stream()
                .map(row -> row.trigger().word() + " "
                        + row.scheduledAt().toString().substring(11, 16) + " "
                        + row.status().word()
                        + row.reason().map(why -> " " + why).orElse(""))
                .toList();
    }

    private Optional<Job> stored() {
        return store.jobs().find(job);
    }

    @Test
    void anOccurrenceThatComesDueBesideAManualRunWaitsForItsEnd() {
        start();
        runtime.jobs().requestRun(job);
        time.advance(Duration.ofSeconds(35));
        assertThat(began).as("the request alone").hasSize(1);
        assertThat(rows()).containsExactly("request 09:59 running", "schedule 10:00 queued");

        end();

        assertThat(began).hasSize(2).contains(TEN);
        end();
        assertThat(rows()).containsExactly("request 09:59 ok", "schedule 10:00 ok");
        assertThat(stored().orElseThrow().engine().nextRunAt()).contains(TEN.plusSeconds(3_600));
    }

    @Test
    void aManualRunIsRefusedWhileAScheduledOneRuns() {
        startAndRun();
        assertThatThrownBy(() -> runtime.jobs().requestRun(job)).isInstanceOf(InvalidInputException.class);
        end();
        assertThat(rows()).containsExactly("schedule 10:00 ok");
    }

    @Test
    void removedDuringARunItIsRunToItsEndAndRecorded() {
        startAndRun();
        runtime.jobs().remove(job);
        end();
        assertThat(rows()).containsExactly("schedule 10:00 ok");
        assertThat(stored()).isEmpty();
        upTo(TEN.plusSeconds(3_600));
        assertThat(began).containsExactly(TEN);
    }

    @Test
    void pausedDuringARunItIsRunToItsEndAndNothingMoreUntilItIsResumed() {
        startAndRun();
        runtime.jobs().pause(job, Optional.empty());
        end();
        assertThat(rows()).containsExactly("schedule 10:00 ok");
        upTo(TEN.plusSeconds(3_600));
        assertThat(began).containsExactly(TEN);
        runtime.jobs().resume(job, ResumeMode.NEXT);
        upTo(TEN.plusSeconds(7_200));
        assertThat(began).containsExactly(TEN, TEN.plusSeconds(7_200));
        assertThat(rows())
                .containsExactly("schedule 10:00 ok", "schedule 11:00 skipped paused", "schedule 12:00 running");
    }

    @Test
    void givenAnotherScheduleDuringARunItEndsAsItBeganAndGoesOnByTheNewOne() {
        startAndRun();
        runtime.jobs()
                .edit(
                        job,
                        JobEdit.builder()
                                .set(
                                        JobField.SCHEDULE,
                                        runtime.jobs()
                                                .readSchedule("30 * * * *", Optional.empty())
                                                .schedule())
                                .build());
        end();
        assertThat(rows()).containsExactly("schedule 10:00 ok");
        assertThat(stored().orElseThrow().engine().nextRunAt()).contains(TEN.plusSeconds(1_800));
        upTo(TEN.plusSeconds(1_800));
        assertThat(began).containsExactly(TEN, TEN.plusSeconds(1_800));
    }

    /** The nodes of a copied home live on the machine it was copied from: their leases stand still here. */
    @Test
    void whatRanOnAnotherMachineIsClosedAfterItsLeaseAndNotAtOnceAndNotRunAgain() {
        NodeIdentity far = NodeIdentity.builder("another-boot", 7, "far")
                .pidNamespace("pid:[1]")
                .startTicks(42)
                .build();
        store.nodes().join(far);
        time.advance(Duration.ofSeconds(30));
        store.claims()
                .decide(
                        job,
                        view -> Amendment.builder()
                                .row(Execution.builder("0123456789abcdef", job, TEN)
                                        .status(ExecutionStatus.RUNNING)
                                        .node(far.id())
                                        .fence(1)
                                        .claimedAt(TEN)
                                        .startedAt(TEN)
                                        .build())
                                .engine(view.job().orElseThrow().engine().toBuilder()
                                        .next(Optional.of(TEN.plusSeconds(3_600)), Optional.of(TEN.plusSeconds(3_600)))
                                        .lastScheduledAt(Optional.of(TEN))
                                        .build())
                                .build());

        start();
        time.advance(Duration.ofSeconds(9));
        assertThat(rows()).containsExactly("schedule 10:00 running");
        time.advance(Duration.ofSeconds(4));
        assertThat(rows()).containsExactly("schedule 10:00 unknown its node died");

        upTo(TEN.plusSeconds(3_600));
        assertThat(began).containsExactly(TEN.plusSeconds(3_600));
    }
}
