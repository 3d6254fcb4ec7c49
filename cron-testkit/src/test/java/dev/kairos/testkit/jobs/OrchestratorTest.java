package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.OrchestratorSettings;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.StoreHook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the simulator and people found, told in small. */
@Timeout(30)
class OrchestratorTest {
    private final Desk desk = new Desk();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final Orchestrator orchestrator = over(desk.store);
    /** How long each script runs. */
    private Duration lasting = Duration.ZERO;

    private Orchestrator over(JobStore store) {
        return over(store, 1);
    }

    private Orchestrator over(JobStore store, int parallel) {
        return new Orchestrator(OrchestratorParts.builder(desk.time, store, Path.of("/nowhere"))
                .outputs(new PlainWords())
                .composer(new PlainWords())
                .settings(
                        OrchestratorSettings.builder().maxParallelJobs(parallel).build())
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
            try {
                desk.time.sleep(lasting);
            } catch (InterruptedException e) {
                return RunResult.failed(FailureKind.TRANSIENT, "interrupted", "");
            }
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
        assertThat(orchestrator.fire(FireRequest.of(job.id()).at(due), "test")).isInstanceOf(FireResult.Claimed.class);

        desk.time.stepWallClock(Duration.ofSeconds(-8));
        desk.time.advance(Duration.ofSeconds(21));
        assertThat(started).isEmpty();
        desk.time.stepWallClock(Duration.ofSeconds(8));
        desk.time.advance(Duration.ofSeconds(3));

        assertThat(started).containsExactly(job.id());
    }

    @Test
    void aClaimHeldAheadWhoseInstantTheClockStepsAwayFromIsGivenBack() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");

        desk.time.stepWallClock(Duration.ofHours(-1));
        desk.time.advance(Duration.ofSeconds(3));

        assertThat(desk.rows(job.id())).isEmpty();
        assertThat(desk.job(job.id()).engine()).isEqualTo(job.engine());
        assertThat(orchestrator.report().running()).isEmpty();
        desk.time.advance(Duration.ofMinutes(61));
        orchestrator.tick();
        desk.time.settle();
        assertThat(started).containsExactly(job.id());
    }

    @Test
    void aTriggerThatComesALittleEarlyNeedsToNameNoInstantAndTakesTheNextOccurrenceAlone() {
        Job job = desk.create("beat", "every 10s");
        Instant due = job.engine().dueAt().orElseThrow();
        assertThat(orchestrator.fire(FireRequest.of(job.id()), "test")).isInstanceOf(FireResult.Claimed.class);
        desk.time.advance(Duration.ofSeconds(9));
        assertThat(started).isEmpty();

        desk.time.advance(Duration.ofSeconds(2));

        assertThat(started).containsExactly(job.id());
        assertThat(desk.rows(job.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.scheduledAt()).isEqualTo(due));
        Job later = desk.create("later", "every 1h");
        assertThat(orchestrator.fire(FireRequest.of(later.id()), "test"))
                .isEqualTo(new FireResult.NotClaimed(
                        FireResult.Reason.NOT_DUE, later.engine().dueAt()));
    }

    @Test
    void aTriggerThatComesBeforeTheLeaseIsRenewedIsToComeAgainAndNotTakenBySomebodyElse() {
        Job job = desk.create("beat", "every 1h");
        desk.time.stepWallClock(Duration.ofHours(1));

        FireResult tooSoon = orchestrator.fire(FireRequest.of(job.id()), "test");

        assertThat(tooSoon).isEqualTo(new FireResult.NotClaimed(FireResult.Reason.BUSY, Optional.of(desk.time.now())));
        desk.time.advance(Duration.ofSeconds(3));
        assertThat(orchestrator.fire(FireRequest.of(job.id()), "test")).isInstanceOf(FireResult.Claimed.class);
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

    private Orchestrator losingItsFirstAnswer(AtomicBoolean isBroken) {
        return over(new InterceptedStore(desk.store, new StoreHook() {
            @Override
            public void after(Write write) {
                if (write == Write.CLAIM && isBroken.getAndSet(false)) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
                }
            }
        }));
    }

    @Test
    void aClaimWhoseAnswerWasLostEndsThoughItsJobWasRemovedMeanwhile() {
        Orchestrator unlucky = losingItsFirstAnswer(new AtomicBoolean(true));
        unlucky.open();
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1));
        assertThatThrownBy(unlucky::tick).isInstanceOf(StoreException.class);

        desk.operations.remove(job.id());
        unlucky.tick();
        desk.time.advance(Duration.ofSeconds(1));

        assertThat(started).isEmpty();
        assertThat(desk.rows(job.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.status().isOpen()).isFalse());
        unlucky.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aClaimWhoseAnswerWasLostDoesNotStartOnceItWasCalledOff() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Orchestrator unlucky = losingItsFirstAnswer(isBroken);
        unlucky.open();
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1));
        assertThatThrownBy(unlucky::tick).isInstanceOf(StoreException.class);
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.RUNNING);

        desk.operations.cancel(job.id(), Optional.empty());
        unlucky.tick();
        desk.time.advance(Duration.ofSeconds(1));

        assertThat(started).isEmpty();
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
        unlucky.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aClaimWhoseAnswerWasLostIsJudgedWhenItIsFound() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        Misfire skip = new Misfire(Misfire.Policy.SKIP, Optional.of(Duration.ofMinutes(1)));
        Job choosy = desk.operations
                .create(desk.script("choosy", "every 1h")
                        .set(JobField.MISFIRE, skip)
                        .build())
                .job();
        Job patient = desk.create("patient", "every 1h");
        Job asked = desk.create("asked", "every 9h");
        desk.time.advance(Duration.ofHours(1));
        desk.operations.requestRun(asked.id());
        AtomicBoolean isSilent = new AtomicBoolean();
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Orchestrator unlucky = over(
                new InterceptedStore(SilentStore.over(desk.store, isSilent), new StoreHook() {
                    @Override
                    public void after(Write write) {
                        if (write == Write.CLAIM && isBroken.getAndSet(false)) {
                            isSilent.set(true);
                            throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
                        }
                    }
                }),
                4);
        unlucky.open();
        assertThatThrownBy(unlucky::tick).isInstanceOf(StoreException.class);
        assertThat(desk.store.ledger().list(ExecutionQuery.newest(9)))
                .hasSize(3)
                .extracting(Execution::status)
                .containsOnly(ExecutionStatus.RUNNING);

        desk.time.advance(Duration.ofMinutes(20));
        isSilent.set(false);
        desk.time.advance(Duration.ofSeconds(5)); // the lease is renewed
        unlucky.tick();
        desk.time.advance(Duration.ofSeconds(5));

        assertThat(started).containsExactly(patient.id());
        assertThat(rowOf(patient)).contains("ok late");
        assertThat(rowOf(choosy)).contains("skipped misfire: past its grace");
        assertThat(rowOf(asked)).contains("cancelled expired: it did not start within 60 s");
        unlucky.close(Duration.ZERO, Duration.ZERO);
    }

    /** How the oldest row of the job ended, and why. */
    private Optional<String> rowOf(Job job) {
        return desk.rows(job.id()).stream()
                .min(Comparator.comparing(Execution::scheduledAt))
                .map(row -> row.status().word() + " " + row.reason().orElse(""));
    }

    @Test
    void aClaimThatIsCommittedLongAfterItsAnswerWasLostRunsOnce() {
        LateStore late = new LateStore(desk.store);
        Orchestrator unlucky = over(late.store());
        unlucky.open();
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1));
        late.fallSilentAtTheNextClaim();
        assertThatThrownBy(unlucky::tick).isInstanceOf(StoreException.class);
        TickReport looked = unlucky.tick(); // finds nothing yet
        assertThat(looked.nextWakeAt().orElseThrow())
                .as("somebody comes and looks again")
                .isBeforeOrEqualTo(desk.time.now().plusSeconds(10));

        desk.time.advance(Duration.ofSeconds(30));
        unlucky.tick();
        late.commit();
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.RUNNING);
        desk.time.advance(Duration.ofSeconds(10));
        unlucky.tick();
        desk.time.advance(Duration.ofSeconds(10));
        unlucky.tick();
        desk.time.settle();

        assertThat(started).containsExactly(job.id());
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
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
        assertThat(desk.job(refused.id()).engine().nextRunAt())
                .as("it goes on with the next occurrence")
                .contains(Desk.START.plus(Duration.ofMinutes(20)));
        assertThat(desk.rows(refused.id())).containsExactly(kept);
    }

    @Test
    void aClaimHeldAheadThatIsGivenBackLeavesNoTraceAndAnotherNodeRunsItOnTime() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");
        assertThat(desk.rows(job.id())).hasSize(1);

        closeWhile(orchestrator, Duration.ofSeconds(1));

        assertThat(desk.rows(job.id())).isEmpty();
        assertThat(desk.job(job.id()).engine()).isEqualTo(job.engine());
        Orchestrator heir = over(desk.store);
        heir.open();
        desk.time.advance(Duration.ofSeconds(20));
        heir.tick();
        desk.time.settle();
        assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
            assertThat(row.attempt()).isEqualTo(1);
            assertThat(row.startedAt().orElseThrow()).isAfterOrEqualTo(due);
        });
        heir.close(Duration.ZERO, Duration.ZERO);
    }

    private void closeWhile(Orchestrator closing, Duration passes) {
        var end = desk.time.start("closing", () -> closing.close(Duration.ZERO, Duration.ZERO));
        desk.time.settle();
        desk.time.advance(passes);
        assertThat(end.isDone()).isTrue();
    }

    @Test
    void aOneShotPausedWhileItsClaimIsHeldKeepsItsOccurrence() {
        Job job = desk.create("once", "1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");
        desk.operations.pause(job.id(), Optional.empty());
        desk.time.advance(Duration.ofSeconds(30));
        assertThat(started).isEmpty();

        desk.operations.resume(job.id(), ResumeMode.CATCH_UP);
        orchestrator.tick();
        desk.time.settle();

        assertThat(started).containsExactly(job.id());
        assertThat(desk.rows(job.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo(ExecutionStatus.OK));
    }

    @Test
    void aHeldClaimThatIsCancelledDoesNotRun() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");

        orchestrator.cancel(desk.rows(job.id()).get(0).id());
        desk.time.advance(Duration.ofSeconds(30));
        orchestrator.tick();
        desk.time.settle();

        assertThat(started).isEmpty();
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
    }

    @Test
    void aOneShotEditedAndPausedWhileItsClaimIsHeldRunsAtItsNewInstantAlone() {
        Job job = desk.create("once", "1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");
        desk.operations.edit(
                job.id(),
                JobEdit.builder()
                        .set(JobField.SCHEDULE, Schedule.once(due.plusSeconds(3_600), ZoneOffset.UTC))
                        .build());
        desk.operations.pause(job.id(), Optional.empty());
        desk.time.advance(Duration.ofSeconds(30));
        assertThat(started).isEmpty();

        desk.operations.resume(job.id(), ResumeMode.NEXT);
        orchestrator.tick();
        desk.time.settle();
        assertThat(started).as("not at once").isEmpty();
        desk.time.advance(Duration.ofHours(1));
        orchestrator.tick();
        desk.time.settle();

        assertThat(started).containsExactly(job.id());
    }

    @Test
    void theTickerClaimsAheadMarksALittleBeforeTheInstantAndStartsAtIt() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusMillis(600));
        assertThat(orchestrator.tickAhead().nextWakeAt()).contains(due.minusMillis(500));
        assertThat(desk.rows(job.id())).isEmpty();

        desk.time.advance(Duration.ofMillis(200));
        assertThat(orchestrator.tickAhead().fired()).hasSize(1);
        desk.time.settle();
        assertThat(desk.rows(job.id()).get(0).status()).isEqualTo(ExecutionStatus.CLAIMED);
        desk.time.advance(Duration.ofMillis(350));

        assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(row.startedAt()).contains(due);
            assertThat(row.isAhead(desk.time.now())).isTrue();
        });
        assertThat(started).as("before the instant").isEmpty();
        desk.time.advance(Duration.ofMillis(50));
        assertThat(started).containsExactly(job.id());
    }

    @Test
    void whatIsMarkedAndHasNotBegunIsGivenBackWithoutATrace() {
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1).minusMillis(400));
        orchestrator.tickAhead();
        desk.time.advance(Duration.ofMillis(350));
        assertThat(desk.rows(job.id()).get(0).status()).isEqualTo(ExecutionStatus.RUNNING);

        orchestrator.releaseHeld();
        desk.time.settle();

        assertThat(desk.rows(job.id())).isEmpty();
        assertThat(desk.job(job.id()).engine()).isEqualTo(job.engine());
        assertThat(started).isEmpty();
    }

    @Test
    void whatCannotBeMarkedBeforeItsInstantIsJudgedAtIt() {
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1).minusMillis(400));
        orchestrator.tickAhead();
        desk.operations.pause(job.id(), Optional.empty());
        desk.time.advance(Duration.ofMillis(350));
        assertThat(desk.rows(job.id()).get(0).status()).isEqualTo(ExecutionStatus.CLAIMED);
        desk.operations.resume(job.id(), ResumeMode.NEXT);

        desk.time.advance(Duration.ofMillis(100));

        assertThat(started).containsExactly(job.id());
    }

    @Test
    void aMarkThatWaitedForASilentStoreIsJudgedWhenItAnswers() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        assertThat(afterAnOutageAtItsInstant(true))
                .allSatisfy(end -> assertThat(end).isEqualTo("skipped misfire: past its grace"));
        assertThat(started).isEmpty();

        assertThat(afterAnOutageAtItsInstant(false))
                .allSatisfy(end -> assertThat(end).isEqualTo("ok catch_up"));
        assertThat(started).hasSize(2);
    }

    /** How a held claim ends whose mark was not heard of for five minutes: one never written, and one written unheard. */
    private List<String> afterAnOutageAtItsInstant(boolean isSkipped) {
        List<String> ends = new ArrayList<>();
        for (boolean isCommitted : List.of(false, true)) {
            AtomicBoolean isSilent = new AtomicBoolean();
            AtomicBoolean isUnheard = new AtomicBoolean();
            Orchestrator cut = over(new InterceptedStore(SilentStore.over(desk.store, isSilent), new StoreHook() {
                @Override
                public void after(Write write) {
                    if (write == Write.AMEND && isUnheard.getAndSet(false)) {
                        isSilent.set(true);
                        throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
                    }
                }
            }));
            cut.open();
            Misfire.Policy policy = isSkipped ? Misfire.Policy.SKIP : Misfire.Policy.RUN_ONCE;
            Job job = desk.operations
                    .create(desk.script("beat-" + isSkipped + isCommitted, "every 10m")
                            .set(JobField.MISFIRE, new Misfire(policy, Optional.of(Duration.ofMinutes(1))))
                            .build())
                    .job();
            desk.time.advance(Duration.ofMinutes(10).minusMillis(400));
            cut.tickAhead();
            desk.time.settle();
            isUnheard.set(isCommitted);
            isSilent.set(!isCommitted);
            desk.time.advance(Duration.ofMinutes(5));
            isSilent.set(false);
            desk.time.advance(Duration.ofSeconds(30));

            assertThat(isUnheard).isFalse();
            assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.startedAt().isPresent()).isEqualTo(!isSkipped);
                ends.add(row.status().word() + " " + row.reason().orElse(""));
            });
            desk.operations.remove(job.id());
            closeWhile(cut, Duration.ofSeconds(1));
        }
        return ends;
    }

    @Test
    void aRunMayBeAskedForWhileTheNextOccurrenceIsHeld() {
        Orchestrator wide = over(desk.store, 4);
        wide.open();
        Job job = desk.create("beat", "every 1h");
        desk.time.advance(Duration.ofHours(1).minusMillis(400));
        wide.tickAhead();

        desk.operations.requestRun(job.id());
        desk.time.advance(Duration.ofMillis(500));
        wide.tick();
        desk.time.settle();

        assertThat(started).containsExactly(job.id(), job.id());
        wide.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aJobWithAnOpenRowIsNotClaimedAheadAndIsLookedAtInTime() {
        Orchestrator wide = over(desk.store, 4);
        wide.open();
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusMillis(400));
        Execution waiting = Execution.builder("00000000000000aa", job.id(), due.minusSeconds(7_200))
                .status(ExecutionStatus.QUEUED)
                .held()
                .build();
        desk.store
                .claims()
                .decide(job.id(), view -> Amendment.builder().row(waiting).build());

        TickReport report = wide.tickAhead();

        assertThat(report.fired()).isEmpty();
        assertThat(report.nextWakeAt()).contains(due.minusMillis(150));
        wide.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void whatIsHeldWhenTheProcessIsAboutToStopIsGivenBackAtOnce() {
        Job job = desk.create("beat", "every 1h");
        Instant due = job.engine().dueAt().orElseThrow();
        desk.time.advance(Duration.ofHours(1).minusSeconds(20));
        orchestrator.fire(FireRequest.of(job.id()).at(due), "test");

        orchestrator.releaseHeld();
        desk.time.settle();

        assertThat(desk.rows(job.id())).isEmpty();
        assertThat(desk.job(job.id()).engine()).isEqualTo(job.engine());
    }

    @Test
    void aNodeWhoseJoinAfterALossWasCommittedUnheardFiresAgain() {
        AtomicBoolean isBroken = new AtomicBoolean();
        closeWhile(orchestrator, Duration.ofSeconds(1));
        Orchestrator unlucky = over(new InterceptedStore(desk.store, new StoreHook() {
            @Override
            public void after(Write write) {
                if (write == Write.JOIN && isBroken.getAndSet(false)) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "the connection broke", null);
                }
            }
        }));
        unlucky.open();
        isBroken.set(true);
        desk.store.nodes().leave(unlucky.report().node());

        desk.time.advance(Duration.ofSeconds(10));

        assertThat(isBroken).isFalse();
        assertThat(unlucky.report().mayStart()).isTrue();
        unlucky.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aStoreThatWasSilentForEverybodyMakesNobodyDead() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        AtomicBoolean isSilent = new AtomicBoolean();
        JobStore store = SilentStore.over(desk.store, isSilent);
        Orchestrator first = over(store);
        Orchestrator second = over(store);
        first.open();
        second.open();
        String one = first.report().node();
        String two = second.report().node();
        desk.time.advance(Duration.ofSeconds(10));

        isSilent.set(true);
        desk.time.advance(Duration.ofSeconds(60));
        isSilent.set(false);
        desk.time.advance(Duration.ofSeconds(20));

        assertThat(first.report().node()).isEqualTo(one);
        assertThat(second.report().node()).isEqualTo(two);
        assertThat(desk.store.nodes().leases()).hasSize(2);
        first.close(Duration.ZERO, Duration.ZERO);
        second.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void whoComesBackFirstDoesNotTakeTheOthersUnrecordedEndForARun() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        for (Duration outage : List.of(Duration.ofSeconds(4), Duration.ofMinutes(1))) {
            AtomicBoolean isCut = new AtomicBoolean();
            Orchestrator other = over(SilentStore.over(desk.store, isCut));
            other.open();
            besideAnUnrecordedEnd(other, () -> {
                isCut.set(true);
                assertThatThrownBy(other::tick).isInstanceOf(StoreException.class);
                desk.time.advance(outage);
                isCut.set(false);
            });
        }
    }

    @Test
    void whoBeginsToFireDoesNotTakeAnUnrecordedEndForARun() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        Orchestrator other = over(desk.store);
        besideAnUnrecordedEnd(other, () -> {
            desk.time.advance(Duration.ofSeconds(4));
            other.open();
            other.firesByItself();
        });
    }

    @Test
    void aClaimIsOfferedWhatMayStartAndMoreOnlyWhereThatLeftSlotsFree() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        Misfire skip = new Misfire(Misfire.Policy.SKIP, Optional.of(Duration.ofMinutes(1)));
        for (int i = 0; i < 300; i++) {
            desk.operations.create(desk.script("late " + i, "every 1h")
                    .set(JobField.MISFIRE, skip)
                    .build());
        }
        desk.time.advance(Duration.ofMinutes(70));
        for (int i = 0; i < 300; i++) {
            desk.create("in time " + i, "1s");
        }
        desk.time.advance(Duration.ofSeconds(1));
        lasting = Duration.ofMinutes(1);
        RecordingClaims recording = new RecordingClaims();
        Orchestrator node = over(recording.over(desk.store), 20);
        node.open();

        TickReport report = node.tick();

        assertThat(report.skipped()).isEqualTo(300);
        assertThat(report.fired()).hasSize(20);
        assertThat(recording.limits()).containsExactly(50, 100, 200);
        recording.limits().clear();
        desk.time.advance(Duration.ofMinutes(1));
        lasting = Duration.ZERO;

        node.tick();

        assertThat(recording.limits()).isNotEmpty().allMatch(limit -> limit == 50);
        closeWhile(node, Duration.ofMinutes(2));
    }

    @Test
    void jobsLeftToOthersDoNotHideWhatIsDueBehindThem() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        int many = 501; // more than one look of a pass
        Orchestrator worker = over(desk.store, many);
        worker.open();
        for (int i = 0; i < many; i++) {
            desk.create("long " + i, "every 3s");
        }
        desk.time.advance(Duration.ofSeconds(3));
        lasting = Duration.ofMinutes(1);
        assertThat(worker.tick().fired()).hasSize(many);
        Job behind = desk.create("behind", "every 4s");
        desk.time.advance(Duration.ofSeconds(4));
        Orchestrator other = over(desk.store);
        other.open();
        other.firesByItself();

        other.tick();

        assertThat(desk.rows(behind.id()))
                .singleElement()
                .extracting(Execution::status)
                .isEqualTo(ExecutionStatus.RUNNING);
        closeWhile(worker, Duration.ofMinutes(2));
        closeWhile(other, Duration.ofSeconds(1));
    }

    /** A node's only run ends while it is cut off; the other fires before that one is back. */
    private void besideAnUnrecordedEnd(Orchestrator other, Runnable outage) {
        AtomicBoolean isCut = new AtomicBoolean();
        Orchestrator worker = over(SilentStore.over(desk.store, isCut));
        worker.open();
        Job job = desk.create("beat", "every 3s");
        desk.time.advance(Duration.ofSeconds(3));
        lasting = Duration.ofSeconds(2);
        worker.tick();
        desk.time.advance(Duration.ofSeconds(1));
        isCut.set(true);
        outage.run();

        for (int second = 0; second < 6; second++) {
            other.tick();
            assertThat(desk.rows(job.id()))
                    .as("second %s", second)
                    .singleElement()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.RUNNING);
            desk.time.advance(Duration.ofSeconds(1));
        }
        isCut.set(false);
        desk.time.advance(Duration.ofSeconds(3));
        other.tick();
        desk.time.advance(Duration.ofSeconds(3));

        assertThat(desk.rows(job.id()))
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.OK, ExecutionStatus.OK);
        assertThat(desk.rows(job.id())).anyMatch(row -> row.missed().isPresent());
        desk.operations.remove(job.id());
        closeWhile(worker, Duration.ofSeconds(1));
        closeWhile(other, Duration.ofSeconds(1));
    }

    @Test
    void aDeadNodeThatTheStoreDoesNotLetGoKeepsNoOtherFromBeingTakenOver() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        List<String> dead = new ArrayList<>();
        for (int pid = 1; pid <= 2; pid++) {
            NodeIdentity node = NodeIdentity.builder("another-boot", pid, "n")
                    .pidNamespace("ns")
                    .startTicks(1)
                    .build();
            desk.store.nodes().join(node);
            dead.add(node.id());
        }
        Collections.sort(dead); // as they are listed
        RefusingStore refusing = new RefusingStore(desk.store);
        refusing.keep(dead.get(0));
        Orchestrator heir = over(refusing.store());
        heir.open();

        desk.time.advance(Duration.ofSeconds(14));

        assertThat(desk.store.nodes().leases())
                .extracting(lease -> lease.node().id())
                .containsExactlyInAnyOrder(heir.report().node(), dead.get(0));
        heir.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void anOutcomeThatTheStoreRefusesHoldsUpNoOtherAndIsWrittenOnceItCanBe() {
        RefusingStore refusing = new RefusingStore(desk.store);
        Orchestrator node = over(refusing.store(), 4);
        node.open();
        Job poisonous = desk.create("poisonous", "every 10m");
        Job other = desk.create("other", "every 11m");
        refusing.refuse(poisonous.id());
        desk.time.advance(Duration.ofMinutes(10));
        node.tick();
        desk.time.advance(Duration.ofMinutes(1));

        node.tick();
        desk.time.advance(Duration.ofSeconds(5));

        assertThat(desk.rows(other.id())).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        assertThat(desk.rows(poisonous.id())).extracting(Execution::status).containsExactly(ExecutionStatus.RUNNING);
        refusing.refuse("nobody");
        desk.time.advance(Duration.ofSeconds(5));
        assertThat(desk.rows(poisonous.id())).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        node.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aRowOfADeadNodeThatTheStoreRefusesHoldsUpNoOther() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        RefusingStore refusing = new RefusingStore(desk.store);
        Job poisonous = desk.create("poisonous", "every 10m");
        Job other = desk.create("other", "every 10m");
        desk.running(poisonous.id());
        desk.running(other.id(), "00000000000000ab");
        refusing.refuse(poisonous.id());
        Orchestrator heir = over(refusing.store(), 4);

        heir.open();

        assertThat(desk.rows(other.id())).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        refusing.refuse("nobody");
        desk.time.advance(Duration.ofSeconds(15));
        assertThat(desk.rows(poisonous.id())).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        heir.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aRowWhoseEndIsRefusedWhateverIsTriedKeepsNoJobFromStarting() {
        RefusingStore refusing = new RefusingStore(desk.store);
        refusing.throwing(() -> new IllegalArgumentException("a decision that cannot be made"));
        Orchestrator node = over(refusing.store(), 4);
        node.open();
        Job poisonous = desk.create("poisonous", "every 10m");
        Job other = desk.create("other", "every 11m");
        refusing.refuse(poisonous.id());
        desk.time.advance(Duration.ofMinutes(10));
        node.tick();
        desk.time.advance(Duration.ofMinutes(1));

        node.tick();
        desk.time.settle();

        assertThat(desk.rows(other.id())).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        refusing.refuse("nobody");
        node.tick();
        assertThat(desk.rows(poisonous.id())).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        node.close(Duration.ZERO, Duration.ZERO);
    }

    private static Job unreadable(Job job) {
        Map<String, Object> tree = new LinkedHashMap<>(job.definition().toMap());
        tree.put("schedule", Map.of("kind", "interval", "seconds", 600, "timezone", "Mars/Olympus_Mons"));
        return new Job(job.id(), JobDefinition.fromStore(tree), job.version(), job.engine());
    }

    private void redefine(String id, JobDefinition definition) {
        desk.store
                .claims()
                .decide(id, view -> Amendment.builder().definition(definition).build());
    }

    @Test
    void aRunOfAJobThatCannotBeReadHereWaitsForANodeThatCan() {
        Job job = desk.create("odd", "every 10m");
        Job other = desk.create("other", "every 10m");
        desk.running(job.id());
        desk.running(other.id(), "00000000000000ab");
        redefine(job.id(), unreadable(job).definition());

        desk.time.advance(Duration.ofMinutes(11));
        orchestrator.tick();
        desk.time.settle();

        assertThat(started).containsExactly(other.id());
        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.RUNNING);
        assertThat(orchestrator.desiredTriggers())
                .extracting(DesiredTrigger::jobId)
                .containsExactly(other.id(), Job.WAKE_ID);
        redefine(job.id(), job.definition());
        desk.time.advance(Duration.ofSeconds(15));
        orchestrator.tick();
        desk.time.settle();
        assertThat(desk.rows(job.id()))
                .extracting(Execution::status)
                .containsExactlyInAnyOrder(ExecutionStatus.UNKNOWN, ExecutionStatus.OK);
    }

    @Test
    void aRunWhoseJobWasSetAsideMeanwhileEnds() {
        Job job = desk.create("odd", "every 10m");
        desk.running(job.id());
        redefine(
                job.id(),
                SetAside.job(job.id(), job.definition().toMap(), "it is odd").definition());

        desk.time.advance(Duration.ofSeconds(30));

        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
    }

    @Test
    void aJobThatCannotBeComputedIsInErrorAndTheOthersStart() {
        Job other = desk.create("other", "every 10m");
        Job odd = new Job(
                "odd",
                desk.script("odd", "every 10m")
                        .set(JobField.SCHEDULE, Schedule.cron("61 25 * * *", ZoneOffset.UTC))
                        .build(),
                1,
                other.engine());
        desk.store.jobs().create(List.of(odd));
        Orchestrator node = over(desk.store, 4);
        node.open();
        desk.time.advance(Duration.ofMinutes(10));

        node.tick();
        desk.time.settle();

        assertThat(started).containsExactly(other.id());
        assertThat(desk.job("odd").engine().state()).isEqualTo(JobState.ERROR);
        assertThat(node.nextWakeAt().orElseThrow()).isAfter(desk.time.now());
        node.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aJobInErrorThatCanBeComputedByNowIsArmedAtTheNextStart() {
        Job job = desk.create("beat", "every 1h");
        desk.store
                .claims()
                .decide(
                        job.id(),
                        view -> Amendment.builder()
                                .engine(job.engine().toBuilder()
                                        .state(JobState.ERROR)
                                        .next(Optional.empty(), Optional.empty())
                                        .build())
                                .build());
        Orchestrator later = over(desk.store);

        later.open();
        desk.time.advance(Duration.ofSeconds(2));

        assertThat(desk.job(job.id()).engine().state()).isEqualTo(JobState.SCHEDULED);
        assertThat(desk.job(job.id()).engine().dueAt()).isPresent();
        later.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aNodeThatCannotReadWhatChangedRecoversStill() {
        closeWhile(orchestrator, Duration.ofSeconds(1));
        RefusingStore refusing = new RefusingStore(desk.store);
        refusing.refuse("nobody");
        Job job = desk.create("beat", "every 1h");
        Orchestrator heir = over(refusing.store(), 4);
        heir.open();
        refusing.breakChanges();
        desk.running(job.id());

        desk.time.advance(Duration.ofSeconds(30));

        assertThat(desk.rows(job.id())).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        heir.close(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aLedgerThatGrewFasterThanOneCallDropsIsPrunedAllTheSame() {
        Job job = desk.create("beat", "every 1h");
        Amendment.Builder old = Amendment.builder();
        for (int i = 0; i < 7_000; i++) {
            Instant at = Desk.START.minus(Duration.ofDays(30)).plusSeconds(i);
            old.row(Execution.builder(String.format("%016x", i), job.id(), at)
                    .status(ExecutionStatus.OK)
                    .finishedAt(at)
                    .build());
        }
        desk.store.claims().decide(job.id(), view -> old.build());

        desk.time.advance(Duration.ofSeconds(65));

        assertThat(desk.store.ledger().list(ExecutionQuery.ofJob(job.id(), 10_000)))
                .hasSize(20);
    }

    @Test
    void whatWaitsLongestIsFoundHoweverMuchWaitsBehindIt() {
        Job job = desk.create("beat", "every 1h");
        Amendment.Builder rows = Amendment.builder();
        for (int i = 0; i < 1_100; i++) {
            rows.row(Execution.builder(String.format("%016x", i), job.id(), Desk.START.plusSeconds(i))
                    .status(ExecutionStatus.QUEUED)
                    .held()
                    .build());
        }
        Instant due = Desk.START.plusSeconds(90);
        rows.row(Execution.builder("00000000000000ff00", job.id(), Desk.START.minusSeconds(60))
                .status(ExecutionStatus.RETRY)
                .attempt(2)
                .dueAt(due)
                .build());
        desk.store.claims().decide(job.id(), view -> rows.build());

        assertThat(orchestrator.waitingDueAt()).contains(due);
    }
}
