package dev.kairos.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.job.Retry;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows an attempt: a retry, the end of the run, what a dead node leaves, and a start that is refused. */
final class EndingsTest {
    private static final Instant NINE = Instant.parse("2027-01-15T09:00:00Z");
    private static final Instant NOW = NINE.plusSeconds(5);
    private static final CompletionPlanner.RunRules RULES = new CompletionPlanner.RunRules() {
        @Override
        public int maxRetries(WorkKind kind) {
            return 2;
        }

        @Override
        public Duration backoff() {
            return Duration.ofMillis(500);
        }

        @Override
        public Duration maxBackoff() {
            return Duration.ofSeconds(30);
        }

        @Override
        public List<String> targets(JobDefinition definition, ExecutionStatus status) {
            return List.of("local", "console");
        }
    };

    @Test
    void aSuccessEndsTheRunWithItsEnvelopeAndConfirmsTheNextInstant() {
        Amendment end = completed(RunResult.ok("done"), 1);

        assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        assertThat(end.envelopes()).singleElement().satisfies(envelope -> {
            assertThat(envelope.target()).isEqualTo("console");
            assertThat(envelope.content()).isEqualTo(Envelope.Content.RESULT);
        });
        EngineState engine = end.engine().orElseThrow();
        assertThat(engine.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(engine.nextRunAt()).contains(NINE.plusSeconds(60));
        assertThat(engine.runCount()).isEqualTo(1);
        assertThat(engine.failureStreak()).isZero();
    }

    @Test
    void anEmptyOrSilentResultIsSentToNobody() {
        assertThat(completed(RunResult.ok(" "), 1).envelopes()).isEmpty();
        Amendment silent = completed(RunResult.silent("marker", "[SILENT]"), 1);
        assertThat(silent.envelopes()).isEmpty();
        assertThat(silent.engine().orElseThrow().lastRun().deliveryStatus()).contains("suppressed");
    }

    @Test
    void aSilentEndKeepsWhyTheRunBeganAsItDid() {
        Execution late = running(1).toBuilder().reason("late").build();
        RunResult silent = RunResult.silent("silent: empty output", "");

        Amendment end = new CompletionPlanner(ending(silent), RULES, new Random(1)).decide(view(job(), late), late);

        assertThat(end.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("late; silent: empty output"));
    }

    @ParameterizedTest
    @CsvSource({"1, 500, 750", "2, 1000, 1250"})
    void aTransientFailureIsRetriedAfterADoublingWait(int attempt, long least, long most) {
        Amendment end = completed(RunResult.failed(FailureKind.TRANSIENT, "no", ""), attempt);

        Execution retry = end.rows().stream()
                .filter(row -> row.status() == ExecutionStatus.RETRY)
                .findFirst()
                .orElseThrow();
        assertThat(retry.attempt()).isEqualTo(attempt + 1);
        assertThat(Duration.between(NOW, retry.dueAt().orElseThrow()).toMillis())
                .isBetween(least, most);
        assertThat(end.envelopes()).isEmpty();
        assertThat(end.engine().orElseThrow().runCount()).isZero();
        assertThat(end.engine().orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, true", "4, 0, true", "4, 1, true", "3, 2, false", "5, 2, false"})
    void onlyAttemptsThatFailedUseTheBudgetUp(int attempt, int failures, boolean isRepeated) {
        Execution row = running(attempt).toBuilder().failures(failures).build();

        Amendment end =
                new CompletionPlanner(ending(transientFailure()), RULES, new Random(1)).decide(view(job(), row), row);

        Execution closed = end.rows().get(0);
        assertThat(closed.failures()).isEqualTo(failures + 1);
        assertThat(CompletionPlanner.isExhausted(job().definition(), closed, RULES))
                .isEqualTo(!isRepeated);
        assertThat(end.rows().stream().filter(one -> one.status() == ExecutionStatus.RETRY))
                .hasSize(isRepeated ? 1 : 0)
                .allSatisfy(retry -> {
                    assertThat(retry.attempt()).isEqualTo(attempt + 1);
                    assertThat(retry.failures()).isEqualTo(failures + 1);
                    assertThat(Duration.between(NOW, retry.dueAt().orElseThrow()))
                            .isBetween(
                                    Duration.ofMillis(500L << failures), Duration.ofMillis((500L << failures) + 250));
                });
    }

    @Test
    void whatIsNoFailureOfTheWorkIsNotCounted() {
        for (RunResult result : List.of(
                RunResult.ok("done"),
                RunResult.timedOut("too long", ""),
                RunResult.blocked("no key"),
                RunResult.failed(FailureKind.TERMINAL, "no", ""),
                RunResult.failed(FailureKind.SESSION_EXPIRED, "no", ""))) {
            assertThat(completed(result, 2).rows().get(0).failures()).isEqualTo(1);
        }
        Execution calledOff = running(2).toBuilder()
                .reason(CancelWish.reason(running(2), "asked by cli"))
                .build();
        assertThat(new CompletionPlanner(ending(transientFailure()), RULES, new Random(1))
                        .decide(view(job(), calledOff), calledOff)
                        .rows())
                .singleElement()
                .satisfies(closed -> {
                    assertThat(closed.status()).isEqualTo(ExecutionStatus.CANCELLED);
                    assertThat(closed.failures()).isEqualTo(1);
                });
    }

    @Test
    void whateverPutsAnAttemptInThePlaceOfAnotherHandsTheCountOn() {
        Execution marked = running(2);
        Execution claimed = marked.toBuilder().status(ExecutionStatus.CLAIMED).build();
        Job rerun = job(JobField.ON_CRASH, OnCrash.RERUN);
        Job once = job(JobField.SCHEDULE, Schedule.once(NINE, ZoneOffset.UTC));
        CompletionPlanner lapse = new CompletionPlanner(
                ending(RunResult.blocked("nobody signed in").withReason(SignedOut.reason("main"))),
                RULES,
                new Random(1));

        for (Amendment end : List.of(
                recovery().decide(view(rerun, marked), marked),
                recovery().decide(view(job(), claimed), claimed),
                lapse.decide(view(once, marked), marked))) {
            assertThat(end.rows())
                    .filteredOn(row -> row.attempt() == 3)
                    .singleElement()
                    .satisfies(row -> assertThat(row.failures()).isEqualTo(1));
        }
    }

    private static RunResult transientFailure() {
        return RunResult.failed(FailureKind.TRANSIENT, "no", "");
    }

    @Test
    void onceTheBudgetIsUsedTheRunFailsWithOneAlert() {
        Amendment end = completed(RunResult.failed(FailureKind.TRANSIENT, "no", ""), 3);

        assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.ERROR);
        assertThat(end.envelopes()).extracting(Envelope::content).containsExactly(Envelope.Content.ALERT);
        assertThat(end.engine().orElseThrow().failureStreak()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"TERMINAL", "CONFIG", "SECURITY", "SESSION_EXPIRED"})
    void otherKindsOfFailureAreNotRetried(FailureKind kind) {
        assertThat(completed(RunResult.failed(kind, "no", ""), 1).rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.ERROR);
    }

    @Test
    void aTimeOutIsNotRetriedAndABlockedRunLeavesTheStreak() {
        assertThat(completed(RunResult.timedOut("too long", ""), 1).rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.TIMED_OUT);
        assertThat(completed(RunResult.blocked("no key"), 1)
                        .engine()
                        .orElseThrow()
                        .failureStreak())
                .isZero();
    }

    @Test
    void aBlockedRunAlertsOncePerFault() {
        assertThat(afterBlocked("no key", RunResult.blocked("no key")).envelopes())
                .isEmpty();
        assertThat(afterBlocked("no key", RunResult.blocked("no model")).envelopes())
                .hasSize(1);
        assertThat(completed(RunResult.blocked("no key"), 1).envelopes()).hasSize(1);
        RunResult failed = RunResult.failed(FailureKind.TERMINAL, "no key", "");
        assertThat(afterBlocked("no key", failed).envelopes()).hasSize(1);
    }

    private static Amendment afterBlocked(String error, RunResult result) {
        Job job = job();
        EngineState.LastRun blocked = EngineState.LastRun.NONE.toBuilder()
                .at(Optional.of(NINE.minusSeconds(60)))
                .status(Optional.of("blocked_config"))
                .error(Optional.of(error))
                .deliveryStatus(Optional.of("delivered"))
                .build();
        Job again = job.withEngine(job.engine().toBuilder().lastRun(blocked).build());
        return new CompletionPlanner(ending(result), RULES, new Random(1)).decide(view(again, running(1)), running(1));
    }

    @Test
    void theEndOfARunMakesTheNextHeldRowDue() {
        Execution held = Execution.builder("q", "j", NINE.plusSeconds(1)).held().build();
        Execution row = running(1);
        Amendment end = new CompletionPlanner(ending(RunResult.ok("")), RULES, new Random(1))
                .decide(view(job(), row, held), row);

        assertThat(end.rows())
                .filteredOn(one -> one.id().equals("q"))
                .singleElement()
                .satisfies(one -> assertThat(one.dueAt()).contains(NOW));
        assertThat(end.engine().orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void aRunThatBeganOnADeadNodeEndsUnknownAndIsNotRepeated() {
        Execution row = running(1);
        Amendment end = recovery().decide(view(job(), row), row);

        assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        assertThat(end.envelopes()).extracting(Envelope::content).containsExactly(Envelope.Content.ALERT);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, false"})
    void aRerunJobIsAttemptedThreeTimesInAll(int attempt, boolean isRepeated) {
        Execution row = running(attempt);
        Amendment end = recovery().decide(view(job(JobField.ON_CRASH, OnCrash.RERUN), row), row);

        assertThat(end.rows().stream().anyMatch(one -> one.attempt() == attempt + 1))
                .isEqualTo(isRepeated);
    }

    @Test
    void aOneShotIsRepeatedAfterItsNodeDiedUnlessItSaysNever() {
        Execution row = running(1);
        Job once = job(JobField.SCHEDULE, Schedule.once(NINE, ZoneOffset.UTC));
        Job onceOnly = new Job(
                once.id(),
                once.definition().toBuilder()
                        .set(JobField.ON_CRASH, OnCrash.NEVER)
                        .build(),
                1,
                once.engine().toBuilder()
                        .next(Optional.empty(), Optional.empty())
                        .build());

        assertThat(recovery().decide(view(once, row), row).rows())
                .extracting(Execution::status)
                .containsExactlyInAnyOrder(ExecutionStatus.UNKNOWN, ExecutionStatus.QUEUED);
        Amendment end = recovery().decide(view(onceOnly, row), row);
        assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.UNKNOWN);
        assertThat(end.envelopes()).extracting(Envelope::content).containsExactly(Envelope.Content.ALERT);
        assertThat(end.engine().orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void aClaimThatNeverBeganIsPutBackOnceMarkedOrNot() {
        Execution claimed =
                running(1).toBuilder().status(ExecutionStatus.CLAIMED).build();
        for (Amendment end : List.of(
                recovery().decide(view(job(), claimed), claimed),
                RecoveryPlanner.unstarted("stopped", policy(), new Random(1))
                        .decide(view(job(), running(1)), running(1)))) {
            assertThat(end.rows())
                    .extracting(Execution::status)
                    .containsExactlyInAnyOrder(ExecutionStatus.CANCELLED, ExecutionStatus.QUEUED);
            assertThat(end.rows())
                    .as("nothing began")
                    .allMatch(row -> row.startedAt().isEmpty());
        }

        Execution again = recovery().decide(view(job(), claimed), claimed).rows().stream()
                .filter(row -> row.status() == ExecutionStatus.QUEUED)
                .findFirst()
                .orElseThrow()
                .toBuilder()
                .status(ExecutionStatus.CLAIMED)
                .node("n")
                .build();
        assertThat(again.reason()).contains("again: never_started");
        assertThat(recovery().decide(view(job(), again), again).rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.UNKNOWN);
    }

    @Test
    void aStartIsRefusedOnceTheJobWasRemovedPausedRescheduledOrRunsBesideIt() {
        Execution claimed =
                running(1).toBuilder().status(ExecutionStatus.CLAIMED).build();
        Job job = job();
        StartPlanner start = start(job, NOW);
        Execution beside = Execution.builder("other", "j", NINE.minusSeconds(60))
                .status(ExecutionStatus.RUNNING)
                .node("m")
                .build();

        assertThat(only(start.decide(new JobView("j", Optional.empty(), List.of(claimed)), claimed)))
                .isEqualTo("cancelled removed");
        assertThat(only(start.decide(view(job(JobField.ENABLED, false), claimed), claimed)))
                .isEqualTo("skipped paused");
        Schedule hourly = Schedule.interval(Duration.ofHours(1), ZoneOffset.UTC);
        assertThat(only(start.decide(view(job(JobField.SCHEDULE, hourly), claimed), claimed)))
                .isEqualTo("skipped edited");
        assertThat(only(start.decide(view(job, claimed, beside), claimed)))
                .isEqualTo("skipped overlap: the job is running");
        assertThat(only(start.decide(view(job(JobField.OVERLAP, Overlap.QUEUE), claimed, beside), claimed)))
                .isEqualTo("queued ");
        assertThat(only(start.decide(view(job(JobField.NAME, "renamed"), claimed), claimed)))
                .isEqualTo("running ");
    }

    private static StartPlanner start(Job job, Instant now) {
        return new StartPlanner(job.definition(), now, new Timetable(), Misfire.DEFAULT);
    }

    @Test
    void aClaimHeldUntilItsInstantLongPassedIsJudgedByItsGraceThen() {
        Execution held = running(1).toBuilder()
                .status(ExecutionStatus.CLAIMED)
                .dueAt(NINE)
                .build();
        Misfire skip = new Misfire(Misfire.Policy.SKIP, Optional.of(Duration.ofMinutes(2)));
        Misfire once = new Misfire(Misfire.Policy.RUN_ONCE, Optional.of(Duration.ofMinutes(2)));
        Instant woken = NINE.plus(Duration.ofHours(6));

        assertThat(only(start(job(), woken).decide(view(job(JobField.MISFIRE, skip), held), held)))
                .isEqualTo("skipped misfire: past its grace");
        assertThat(only(start(job(), woken).decide(view(job(JobField.MISFIRE, once), held), held)))
                .isEqualTo("running catch_up");
        assertThat(only(start(job(), NINE.plusSeconds(60)).decide(view(job(JobField.MISFIRE, skip), held), held)))
                .isEqualTo("running late");
        assertThat(only(start(job(), NINE.plusSeconds(1)).decide(view(job(JobField.MISFIRE, skip), held), held)))
                .isEqualTo("running ");
    }

    private static String only(Amendment amendment) {
        Execution row = amendment.rows().get(0);
        return row.status().word() + " " + row.reason().orElse("");
    }

    private static Amendment completed(RunResult result, int attempt) {
        Execution row = running(attempt);
        return new CompletionPlanner(ending(result), RULES, new Random(1)).decide(view(job(), row), row);
    }

    private static CompletionPlanner.Ending ending(RunResult result) {
        return new CompletionPlanner.Ending(result.status(), result, Optional.empty(), Optional.empty(), NOW);
    }

    @Test
    void aRunThatWasCalledOffEndsCancelledWithItsNodeAndIsNotRepeated() {
        Execution marked = running(1);
        for (Execution before : List.of(
                marked, marked.toBuilder().status(ExecutionStatus.CLAIMED).build())) {
            Execution row = before.toBuilder()
                    .reason(CancelWish.reason(before, "asked by cli"))
                    .build();

            Amendment end = recovery().decide(view(job(JobField.ON_CRASH, OnCrash.RERUN), row), row);

            assertThat(end.rows()).singleElement().satisfies(closed -> {
                assertThat(closed.status()).isEqualTo(ExecutionStatus.CANCELLED);
                assertThat(closed.reason()).contains("cancelled by request; its node died");
            });
            assertThat(end.envelopes()).isEmpty();
        }
    }

    @Test
    void aClaimThatWasCalledOffNeitherStartsNorComesDueAgain() {
        Job job = job();
        Execution ahead = Execution.builder("r", "j", NINE)
                .status(ExecutionStatus.CLAIMED)
                .node("n")
                .fence(1)
                .build();
        Execution row = ahead.toBuilder()
                .reason(CancelWish.reason(ahead, "asked by cli"))
                .build();
        ReleasePlanner.Claimed claimed = new ReleasePlanner.Claimed(job.definition(), EngineState.fresh());
        Instant before = NINE.minusSeconds(1);
        assertThat(new ReleasePlanner(claimed, before, recovery())
                        .decide(view(job, ahead), ahead)
                        .deletedRows())
                .containsExactly("r");

        for (Amendment end : List.of(
                start(job, NOW).decide(view(job, row), row),
                start(job, NOW).decide(view(job(JobField.ENABLED, false), row), row),
                new ReleasePlanner(claimed, before, recovery()).decide(view(job, row), row))) {
            assertThat(end.deletedRows()).isEmpty();
            assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
            assertThat(end.engine().orElseThrow().runCount()).isEqualTo(1);
        }
    }

    @Test
    void aRunThatWasCalledOffEndsSoEvenIfItsJobWasRemovedMeanwhile() {
        Execution row = running(1).toBuilder()
                .reason(CancelWish.reason(running(1), "asked by cli"))
                .build();
        Amendment end = new CompletionPlanner(ending(transientFailure()), RULES, new Random(1))
                .decide(new JobView("j", Optional.empty(), List.of(row)), row);

        assertThat(end.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
    }

    @Test
    void theReasonOfARunThatWasCalledOffIsWordsForPeople() {
        Execution row = running(1).toBuilder()
                .reason(CancelWish.reason(running(1), "asked by cli"))
                .build();
        Amendment end = new CompletionPlanner(
                        ending(RunResult.cancelled("cancelled by request", "")), RULES, new Random(1))
                .decide(view(job(), row), row);

        assertThat(end.rows().get(0).reason()).contains("cancel asked by cli");
        assertThat(end.rows().get(0).error()).contains("cancelled by request");
    }

    private static RecoveryPlanner recovery() {
        return new RecoveryPlanner("its node died", policy(), new Random(1));
    }

    private static RecoveryPlanner.Policy policy() {
        return new RecoveryPlanner.Policy(NOW, Misfire.DEFAULT, new Timetable(), RULES);
    }

    /** One whose attempts before failed. */
    private static Execution running(int attempt) {
        return Execution.builder("r", "j", NINE)
                .attempt(attempt)
                .failures(attempt - 1)
                .status(ExecutionStatus.RUNNING)
                .node("n")
                .fence(1)
                .startedAt(NINE)
                .build();
    }

    private static JobView view(Job job, Execution... open) {
        return new JobView("j", Optional.of(job), List.of(open));
    }

    private static Job job() {
        return job(JobField.RETRY, Retry.DEFAULT);
    }

    private static <T> Job job(JobField<T> field, T value) {
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.SCHEDULE, Schedule.interval(Duration.ofMinutes(1), ZoneOffset.UTC))
                .set(field, value)
                .build();
        EngineState engine = EngineState.fresh().toBuilder()
                .state(JobState.RUNNING)
                .next(Optional.of(NINE.plusSeconds(60)), Optional.of(NINE.plusSeconds(60)))
                .lastScheduledAt(Optional.of(NINE))
                .build();
        return new Job("j", definition, 1, engine);
    }
}
