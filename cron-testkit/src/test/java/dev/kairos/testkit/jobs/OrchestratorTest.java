package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.OrchestratorSettings;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.StoreHook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the simulator found, told in small. */
@Timeout(30)
class OrchestratorTest {
    private final Desk desk = new Desk();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final Orchestrator orchestrator = over(desk.store);

    private Orchestrator over(JobStore store) {
        return new Orchestrator(OrchestratorParts.builder(desk.time, store, Path.of("/nowhere"))
                .outputs(new PlainWords())
                .composer(new PlainWords())
                .settings(OrchestratorSettings.builder().maxParallelJobs(1).build())
                .runner(new Scripts())
                .build());
    }

    private final class Scripts implements JobRunner {
        @Override
        public String kind() {
            return "script";
        }

        @Override
        public RunResult run(RunRequest request) {
            started.add(request.job().id());
            return RunResult.ok("");
        }
    }

    @BeforeEach
    void open() {
        orchestrator.open();
    }

    @AfterEach
    void close() {
        orchestrator.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aClaimHeldAheadOfItsInstantNoticesThatTheClockWasSetRight() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        assertThat(orchestrator.fire(new FireRequest(job.id(), Optional.of(due)), "test"))
                .isInstanceOf(FireResult.Claimed.class);

        desk.time.stepWallClock(Duration.ofHours(-1));
        desk.time.advance(Duration.ofSeconds(21));
        assertThat(started).isEmpty();
        desk.time.stepWallClock(Duration.ofHours(1));
        desk.time.advance(Duration.ofSeconds(3));

        assertThat(started).containsExactly(job.id());
    }

    @Test
    void aClockThatWentBackVouchesForNoLeaseUntilTheNextRenewal() {
        desk.time.stepWallClock(Duration.ofMinutes(-5));
        assertThat(orchestrator.report().mayStart()).isFalse();

        desk.time.advance(Duration.ofSeconds(3));

        assertThat(orchestrator.report().mayStart()).isTrue();
    }

    @Test
    void anOpeningThatFailedHalfWayIsTriedAgainUnderAnotherName() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Orchestrator unlucky = over(new InterceptedStore(desk.store, new StoreHook() {
            @Override
            public void after(Write write) {
                if (write == Write.JOIN && isBroken.getAndSet(false)) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
                }
            }
        }));
        String first = unlucky.report().node();
        assertThatThrownBy(unlucky::open).isInstanceOf(StoreException.class);

        unlucky.open();

        assertThat(unlucky.report().node()).isNotEqualTo(first);
        assertThat(unlucky.report().mayStart()).isTrue();
        unlucky.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aJobWhoseLedgerRefusesItsClaimHoldsUpNobody() {
        Job refused = desk.create("refused", "every 10m");
        Job other = desk.create("other", "every 11m");
        Execution kept = Execution.builder(
                        "00000000000000cc",
                        refused.id(),
                        refused.engine().nextRunAt().orElseThrow())
                .status(ExecutionStatus.OK)
                .finishedAt(Desk.START)
                .build();
        desk.store
                .claims()
                .decide(refused.id(), view -> Amendment.builder().row(kept).build());
        desk.time.advance(Duration.ofMinutes(12));

        TickReport report = orchestrator.tick();
        desk.time.settle();

        assertThat(started).containsExactly(other.id());
        assertThat(report.fired()).hasSize(1);
        assertThat(orchestrator.nextWakeAt().filter(at -> !at.isAfter(desk.time.now())))
                .as("no pass at once for the refused job")
                .isEmpty();
    }
}
