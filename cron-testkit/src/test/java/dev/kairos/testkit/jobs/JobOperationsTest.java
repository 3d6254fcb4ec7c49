package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.orchestrator.jobs.AmbiguousJobException;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobConflictException;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobNotFoundException;
import dev.kairos.orchestrator.jobs.NewJob;
import dev.kairos.orchestrator.jobs.RequestedRun;
import dev.kairos.orchestrator.jobs.Requests;
import dev.kairos.orchestrator.jobs.ResumeMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JobOperationsTest {
    private final Desk desk = new Desk();

    private static JobEdit edit(String key, Object value) {
        return JobEdit.builder().setRaw(key, value).build();
    }

    private JobEdit schedule(String text) {
        return JobEdit.builder()
                .set(
                        JobField.SCHEDULE,
                        desk.operations.readSchedule(text, Optional.empty()).schedule())
                .build();
    }

    private void used(Job job, Instant last, int count) {
        desk.store.claims().decide(job.id(), view -> {
            EngineState engine = view.job().orElseThrow().engine();
            return Amendment.builder()
                    .engine(engine.toBuilder()
                            .lastScheduledAt(Optional.of(last))
                            .completedCount(count)
                            .state(JobState.COMPLETED)
                            .next(Optional.empty(), Optional.empty())
                            .build())
                    .build();
        });
    }

    @Nested
    class Create {
        @Test
        void aNewJobHasAnIdOfTwelveHexADateAndItsNextInstant() {
            Job job = desk.create("beat", "every 1h");
            assertThat(job.id()).matches("[0-9a-f]{12}");
            assertThat(desk.job(job.id())).isEqualTo(job);
            assertThat(job.definition().get(JobField.CREATED_AT)).contains(Desk.START);
            assertThat(job.engine().nextRunAt()).contains(Desk.START.plusSeconds(3600));
            assertThat(job.engine().dueAt()).contains(Desk.START.plusSeconds(3600));
            assertThat(job.engine().state()).isEqualTo(JobState.SCHEDULED);
        }

        @Test
        void aJobWithNothingToRunIsRefusedAndNothingIsStored() {
            JobDefinition empty = desk.script("x", "every 1h")
                    .clear(JobField.SCRIPT)
                    .clear(JobField.NO_AGENT)
                    .build();
            assertThatThrownBy(() -> desk.operations.create(empty))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("nothing to run");
            assertThat(desk.operations.list()).isEmpty();
        }

        @Test
        void eachKindOfWorkIsEnough() {
            JobDefinition.Builder bare =
                    desk.script("x", "every 1h").clear(JobField.SCRIPT).clear(JobField.NO_AGENT);
            desk.operations.create(bare.set(JobField.PROMPT, "look").build());
            bare.clear(JobField.PROMPT);
            desk.operations.create(bare.set(JobField.SKILLS, List.of("mail")).build());
            bare.clear(JobField.SKILLS);
            desk.operations.create(bare.set(JobField.HANDLER, "report").build());
            assertThat(desk.operations.list()).hasSize(3);
        }

        @Test
        void noAgentWithoutAScriptIsRefused() {
            refused(desk.script("x", "every 1h").clear(JobField.SCRIPT).set(JobField.PROMPT, "p"), "no_agent");
        }

        @Test
        void aScriptAloneWithoutNoAgentIsRefused() {
            refused(desk.script("x", "every 1h").clear(JobField.NO_AGENT), "script");
        }

        @Test
        void aHandlerBesideAScriptIsRefused() {
            refused(desk.script("x", "every 1h").set(JobField.HANDLER, "h"), "handler");
        }

        @Test
        void jitterIsRefusedOnAOneShotAndBeyondHalfTheShortestGap() {
            refused(desk.script("x", "30m").setRaw(JobField.JITTER, "10s"), "jitter");
            refused(desk.script("x", "every 1m").setRaw(JobField.JITTER, "31s"), "jitter");
            Job job = desk.operations
                    .create(desk.script("x", "every 1m")
                            .setRaw(JobField.JITTER, "30s")
                            .build())
                    .job();
            assertThat(job.engine().nextRunAt()).contains(Desk.START.plusSeconds(60));
            assertThat(job.engine().dueAt().orElseThrow())
                    .isBetween(Desk.START.plusSeconds(60), Desk.START.plusSeconds(90));
        }

        @Test
        void aOneShotRunsOnceAndNoMore() {
            refused(desk.script("x", "30m").setRaw(JobField.REPEAT, 2), "repeat");
            Job job = desk.operations
                    .create(desk.script("x", "30m").setRaw(JobField.REPEAT, 1).build())
                    .job();
            assertThat(job.definition().get(JobField.REPEAT)).isEmpty();
        }

        @Test
        void aOneShotLongPastIsRefusedAndARecentOneIsDueAtOnce() {
            JobDefinition definition = desk.script("x", "2027-03-01T10:00:30").build();
            desk.pass(Duration.ofSeconds(149));
            Job job = desk.operations.create(definition).job();
            assertThat(job.engine().dueAt()).contains(Instant.parse("2027-03-01T10:00:30Z"));
            desk.pass(Duration.ofSeconds(10));
            assertThatThrownBy(() -> desk.operations.create(definition)).hasMessageContaining("120 s in the past");
        }

        @Test
        void variablesThatLoadForeignCodeAreRefused() {
            for (String name :
                    List.of("LD_PRELOAD", "PYTHONPATH", "NODE_OPTIONS", "BASH_ENV", "KAIROS_JOB_ID", "A-B")) {
                refused(desk.script("x", "every 1h").set(JobField.ENV, java.util.Map.of(name, "v")), "env." + name);
            }
            desk.operations.create(desk.script("x", "every 1h")
                    .set(JobField.ENV, java.util.Map.of("REPORT_DAY", "monday"))
                    .build());
        }

        @Test
        void aScriptOutsideTheScriptsFolderIsRefused() {
            refused(desk.script("x", "every 1h").set(JobField.SCRIPT, "../secrets.sh"), "script");
        }

        @Test
        void aTargetThatTheCheckRefusesIsNamed() {
            assertThatThrownBy(() -> new dev.kairos.orchestrator.jobs.JobOperations(
                                    desk.store,
                                    desk.time,
                                    desk.operations.rules().withTargets(target -> Optional.of("it is not configured")))
                            .create(desk.script("x", "every 1h")
                                    .set(JobField.DELIVER, List.of("telegram:1"))
                                    .build()))
                    .hasMessageContaining("deliver")
                    .hasMessageContaining("telegram:1");
        }

        @Test
        void aJobMayBeStoredPausedInTheFirstWrite() {
            Job job = desk.operations
                    .create(desk.script("x", "every 1h")
                            .set(JobField.ENABLED, false)
                            .set(JobField.PAUSED_REASON, "not yet")
                            .build())
                    .job();
            assertThat(job.engine().state()).isEqualTo(JobState.PAUSED);
            assertThat(job.engine().dueAt()).isEmpty();
            assertThat(job.version()).isEqualTo(1);
            assertThat(job.definition().get(JobField.PAUSED_AT)).contains(Desk.START);
        }

        @Test
        void oneBadJobAmongManyKeepsAllOut() {
            NewJob good = NewJob.of(desk.script("good", "every 1h").build());
            NewJob bad = NewJob.of(
                    desk.script("bad", "every 1h").clear(JobField.SCRIPT).build());
            assertThatThrownBy(() -> desk.operations.createAll(List.of(good, bad)))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(desk.operations.list()).isEmpty();
        }

        @Test
        void aNameThatIsAnotherJobsIdIsRefused() {
            Job job = desk.create("a", "every 1h");
            refused(desk.script(job.id(), "every 1h"), "name");
        }

        private void refused(JobDefinition.Builder definition, String where) {
            int before = desk.operations.list().size();
            assertThatThrownBy(() -> desk.operations.create(definition.build()))
                    .isInstanceOfSatisfying(InvalidInputException.class, e -> {
                        assertThat(e.where()).isEqualTo(where);
                        assertThat(e.accepted()).isNotBlank();
                    });
            assertThat(desk.operations.list()).hasSize(before);
        }
    }

    @Nested
    class Edit {
        @Test
        void anEditOfTheTextMovesNoInstant() {
            Job job = desk.create("beat", "every 1h");
            desk.pass(Duration.ofMinutes(10));
            JobChange change = desk.operations.edit("beat", edit("name", "pulse"));
            assertThat(change.changed()).isTrue();
            assertThat(change.job().version()).isEqualTo(2);
            assertThat(change.job().definition().name()).isEqualTo("pulse");
            assertThat(change.job().engine()).isEqualTo(job.engine());
            assertThat(change.job().definition().get(JobField.UPDATED_AT)).contains(desk.time.now());
        }

        @Test
        void anEditThatChangesNothingWritesNothing() {
            Job job = desk.create("beat", "every 1h");
            assertThat(desk.operations.edit(job.id(), edit("name", "beat")).changed())
                    .isFalse();
            assertThat(desk.job(job.id()).version()).isEqualTo(1);
        }

        @Test
        void aFieldNobodyKnowsIsRefused() {
            assertThatThrownBy(() -> edit("promt", "x")).hasMessageContaining("promt");
            assertThatThrownBy(() -> edit("created_at", "2027-01-01T00:00:00Z"))
                    .hasMessageContaining("only the system");
        }

        @Test
        void aNewScheduleMovesTheNextInstant() {
            Job job = desk.create("beat", "every 1h");
            desk.pass(Duration.ofMinutes(10));
            Job edited = desk.operations.edit(job.id(), schedule("0 12 * * *")).job();
            assertThat(edited.engine().nextRunAt()).contains(Instant.parse("2027-03-01T12:00:00Z"));
        }

        @Test
        void anIntervalKeepsItsAnchorUnlessItsPeriodChanges() {
            Job job = desk.create("beat", "every 1h");
            desk.pass(Duration.ofMinutes(10));
            Job moved = desk.operations
                    .edit(job.id(), schedule("CRON_TZ=Europe/Warsaw every 60m"))
                    .job();
            assertThat(moved.definition().schedule().zone().getId()).isEqualTo("Europe/Warsaw");
            assertThat(moved.engine().nextRunAt()).isEqualTo(job.engine().nextRunAt());
            Job other = desk.operations.edit(job.id(), schedule("every 2h")).job();
            assertThat(other.engine().nextRunAt()).contains(desk.time.now().plus(Duration.ofHours(2)));
        }

        @Test
        void aNewJitterMovesOnlyWhenItIsDue() {
            Job job = desk.create("beat", "every 1h");
            Job edited = desk.operations.edit(job.id(), edit("jitter", "20m")).job();
            assertThat(edited.engine().nextRunAt()).isEqualTo(job.engine().nextRunAt());
            assertThat(edited.engine().dueAt()).isNotEqualTo(job.engine().dueAt());
        }

        @Test
        void occurrencesThatTheEditPassesOverAreRecorded() {
            Job job = desk.create("beat", "every 10m");
            desk.pass(Duration.ofMinutes(35));
            JobChange change = desk.operations.edit(job.id(), schedule("every 1h"));
            assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.reason()).contains("edited");
                assertThat(row.missed().map(Missed::count)).contains(3L);
            });
            assertThat(change.notes()).anyMatch(note -> note.contains("3 occurrences"));
        }

        @Test
        void aCompletedJobIsDueAgainAfterANewSchedule() {
            Job job = desk.create("once", "30m");
            used(job, job.engine().nextRunAt().orElseThrow(), 1);
            desk.pass(Duration.ofHours(1));
            Job edited = desk.operations.edit(job.id(), schedule("30m")).job();
            assertThat(edited.engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(edited.engine().completedCount()).isZero();
            assertThat(edited.engine().nextRunAt()).contains(desk.time.now().plus(Duration.ofMinutes(30)));
        }

        @Test
        void aCompletedJobIsDueAgainByTimesAboveItsCount() {
            Job job = desk.operations
                    .create(desk.script("beat", "every 1h")
                            .set(JobField.REPEAT, 2)
                            .build())
                    .job();
            desk.pass(Duration.ofHours(3));
            used(job, Desk.START.plus(Duration.ofHours(2)), 2);
            assertThat(desk.operations
                            .edit(job.id(), edit("repeat", 1))
                            .job()
                            .engine()
                            .state())
                    .isEqualTo(JobState.COMPLETED);
            Job edited = desk.operations.edit(job.id(), edit("repeat", 3)).job();
            assertThat(edited.engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(edited.engine().completedCount()).isEqualTo(2);
            assertThat(edited.engine().nextRunAt().orElseThrow()).isAfter(desk.time.now());
        }

        @Test
        void timesAtOrBelowTheCountCompleteTheJob() {
            Job job = desk.create("beat", "every 1h");
            desk.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder()
                                    .engine(job.engine().toBuilder()
                                            .completedCount(5)
                                            .build())
                                    .build());
            Job edited = desk.operations.edit(job.id(), edit("repeat", 5)).job();
            assertThat(edited.engine().state()).isEqualTo(JobState.COMPLETED);
            assertThat(edited.engine().dueAt()).isEmpty();
        }

        @Test
        void anEditOfAStaleCopyIsRefused() {
            Job job = desk.create("beat", "every 1h");
            desk.operations.edit(job.id(), edit("name", "pulse"));
            JobEdit stale =
                    JobEdit.builder().setRaw("name", "other").expectedVersion(1).build();
            assertThatThrownBy(() -> desk.operations.edit(job.id(), stale)).isInstanceOf(JobConflictException.class);
            assertThat(desk.job(job.id()).definition().name()).isEqualTo("pulse");
        }

        @Test
        void anEditThatMakesTheJobImpossibleChangesNothing() {
            Job job = desk.create("beat", "every 1h");
            assertThatThrownBy(() -> desk.operations.edit(job.id(), edit("script", null)))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(desk.job(job.id())).isEqualTo(job);
        }

        @Test
        void settingEnabledPausesAndResumes() {
            Job job = desk.create("beat", "every 1h");
            Job paused = desk.operations.edit(job.id(), edit("enabled", false)).job();
            assertThat(paused.engine().state()).isEqualTo(JobState.PAUSED);
            Job resumed = desk.operations.edit(job.id(), edit("enabled", true)).job();
            assertThat(resumed.engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(resumed.engine().dueAt()).isEqualTo(job.engine().dueAt());
        }

        @Test
        void unknownKeysAreKeptThroughAnEdit() {
            Job job = desk.operations
                    .create(desk.script("beat", "every 1h")
                            .unknown("colour", "red")
                            .build())
                    .job();
            Job edited = desk.operations.edit(job.id(), edit("name", "pulse")).job();
            assertThat(edited.definition().unknown()).containsEntry("colour", "red");
        }
    }

    @Nested
    class PauseAndResume {
        @Test
        void aPausedJobIsNotDueAndSaysWhy() {
            Job job = desk.create("beat", "every 1h");
            Job paused = desk.operations.pause("beat", Optional.of("holiday")).job();
            assertThat(paused.engine().state()).isEqualTo(JobState.PAUSED);
            assertThat(paused.engine().dueAt()).isEmpty();
            assertThat(paused.definition().get(JobField.PAUSED_REASON)).contains("holiday");
            assertThat(paused.definition().get(JobField.PAUSED_AT)).contains(Desk.START);
            assertThat(desk.operations.pause(job.id(), Optional.empty()).changed())
                    .isFalse();
        }

        @Test
        void resumeWritesOneSkipRowForTheStretchAndWaitsForTheNextInstant() {
            Job job = desk.create("beat", "every 1h");
            desk.operations.pause(job.id(), Optional.empty());
            desk.pass(Duration.ofMinutes(210));
            JobChange change = desk.operations.resume(job.id(), ResumeMode.NEXT);
            assertThat(change.job().engine().nextRunAt()).contains(Desk.START.plus(Duration.ofHours(4)));
            assertThat(change.job().engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(change.job().definition().isEnabled()).isTrue();
            assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.status()).isEqualTo(ExecutionStatus.SKIPPED);
                assertThat(row.reason()).contains("paused");
                assertThat(row.missed())
                        .contains(new Missed(
                                Desk.START.plus(Duration.ofHours(1)), Desk.START.plus(Duration.ofHours(3)), 3));
            });
            assertThat(change.notes()).anyMatch(note -> note.contains("3 occurrences"));
        }

        @Test
        void resumeBeforeAnythingWasMissedWritesNoRow() {
            Job job = desk.create("beat", "every 1h");
            desk.operations.pause(job.id(), Optional.empty());
            desk.pass(Duration.ofMinutes(30));
            Job resumed = desk.operations.resume(job.id(), ResumeMode.NEXT).job();
            assertThat(resumed.engine().dueAt()).isEqualTo(job.engine().dueAt());
            assertThat(desk.rows(job.id())).isEmpty();
        }

        @Test
        void catchUpRunsTheLatestMissedOneAndSkipsTheOthers() {
            Job job = desk.create("beat", "every 1h");
            desk.operations.pause(job.id(), Optional.empty());
            desk.pass(Duration.ofMinutes(210));
            Job resumed = desk.operations.resume(job.id(), ResumeMode.CATCH_UP).job();
            List<Execution> rows = desk.rows(job.id());
            assertThat(rows).hasSize(2);
            Execution queued = rows.get(0);
            assertThat(queued.status()).isEqualTo(ExecutionStatus.QUEUED);
            assertThat(queued.scheduledAt()).isEqualTo(Desk.START.plus(Duration.ofHours(3)));
            assertThat(queued.dueAt()).contains(desk.time.now());
            assertThat(rows.get(1).missed().map(Missed::count)).contains(2L);
            assertThat(resumed.engine().completedCount()).isEqualTo(1);
            assertThat(resumed.engine().lastScheduledAt()).contains(queued.scheduledAt());
            assertThat(resumed.engine().nextRunAt()).contains(Desk.START.plus(Duration.ofHours(4)));
        }

        @Test
        void aOneShotWhoseInstantPassedIsLeftToItsMisfirePolicy() {
            Job job = desk.create("once", "30m");
            desk.operations.pause(job.id(), Optional.empty());
            desk.pass(Duration.ofHours(2));
            Job resumed = desk.operations.resume(job.id(), ResumeMode.NEXT).job();
            assertThat(resumed.engine().state()).isEqualTo(JobState.SCHEDULED);
            assertThat(resumed.engine().dueAt()).isEqualTo(job.engine().dueAt());
            assertThat(desk.rows(job.id())).isEmpty();
        }

        @Test
        void resetRestartsAJobMutedByAClockThatWasWrong() {
            Job job = desk.create("beat", "every 1h");
            Instant wrong = Desk.START.plus(Duration.ofDays(400));
            desk.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder()
                                    .engine(job.engine().toBuilder()
                                            .lastScheduledAt(Optional.of(wrong))
                                            .next(
                                                    Optional.of(wrong.plusSeconds(3600)),
                                                    Optional.of(wrong.plusSeconds(3600)))
                                            .build())
                                    .build());
            assertThat(desk.operations.resume(job.id(), ResumeMode.NEXT).changed())
                    .isFalse();
            Job reset = desk.operations.resume(job.id(), ResumeMode.RESET).job();
            assertThat(reset.engine().lastScheduledAt()).isEmpty();
            assertThat(reset.engine().nextRunAt()).contains(Desk.START.plusSeconds(3600));
        }

        @Test
        void resetFreesTheInstantsThatTheWrongClockUsedUp() {
            Job job = desk.create("beat", "every 1h");
            Instant wrong = Desk.START.plus(Duration.ofHours(5));
            Execution ran = Execution.builder("00000000000000bb", job.id(), wrong)
                    .status(ExecutionStatus.OK)
                    .finishedAt(wrong)
                    .build();
            desk.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder()
                                    .row(ran)
                                    .engine(job.engine().toBuilder()
                                            .lastScheduledAt(Optional.of(wrong))
                                            .build())
                                    .build());
            desk.operations.resume(job.id(), ResumeMode.RESET);
            assertThat(desk.rows(job.id())).isEmpty();
        }

        @Test
        void resetWaitsForTheEndOfARunForAnInstantThatHasNotCome() {
            Job job = desk.create("beat", "every 1h");
            Instant wrong = Desk.START.plus(Duration.ofHours(5));
            Execution open = Execution.builder("00000000000000bb", job.id(), wrong)
                    .status(ExecutionStatus.QUEUED)
                    .dueAt(Desk.START)
                    .build();
            desk.store
                    .claims()
                    .decide(
                            job.id(),
                            view -> Amendment.builder()
                                    .row(open)
                                    .engine(job.engine().toBuilder()
                                            .lastScheduledAt(Optional.of(wrong))
                                            .build())
                                    .build());
            assertThatThrownBy(() -> desk.operations.resume(job.id(), ResumeMode.RESET))
                    .hasMessageContaining("has not come yet");
            desk.operations.cancel(job.id(), Optional.empty());
            assertThat(desk.operations
                            .resume(job.id(), ResumeMode.RESET)
                            .job()
                            .engine()
                            .lastScheduledAt())
                    .isEmpty();
            assertThat(desk.rows(job.id())).isEmpty();
        }

        @Test
        void aCompletedJobCannotBePaused() {
            Job job = desk.create("once", "30m");
            used(job, job.engine().nextRunAt().orElseThrow(), 1);
            assertThatThrownBy(() -> desk.operations.pause(job.id(), Optional.empty()))
                    .hasMessageContaining("completed");
        }
    }

    @Nested
    class Run {
        @Test
        void aRequestIsARowBesideTheSchedule() {
            Job job = desk.create("beat", "every 1h");
            desk.pass(Duration.ofMinutes(1));
            RequestedRun run = desk.operations.requestRun("beat");
            assertThat(run.execution().id()).matches("[0-9a-f]{16}");
            assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.id()).isEqualTo(run.execution().id());
                assertThat(row.trigger()).isEqualTo(Trigger.REQUEST);
                assertThat(row.status()).isEqualTo(ExecutionStatus.REQUESTED);
                assertThat(row.scheduledAt()).isEqualTo(desk.time.now());
                assertThat(row.source()).contains("cli");
            });
            assertThat(desk.job(job.id()).engine().nextRunAt())
                    .isEqualTo(job.engine().nextRunAt());
            assertThat(desk.job(job.id()).engine().lastScheduledAt()).isEmpty();
            assertThat(desk.job(job.id()).version()).isEqualTo(1);
        }

        @Test
        void itIsRefusedWhileTheJobRunsUnlessOverlapIsAllowed() {
            Job job = desk.create("beat", "every 1h");
            desk.running(job.id());
            assertThatThrownBy(() -> desk.operations.requestRun(job.id())).hasMessageContaining("it is running");
            assertThat(desk.rows(job.id())).hasSize(1);
            desk.operations.edit(
                    job.id(),
                    JobEdit.builder().set(JobField.OVERLAP, Overlap.ALLOW).build());
            desk.operations.requestRun(job.id());
            assertThat(desk.rows(job.id())).hasSize(2);
        }

        @Test
        void itIsAllowedOnPausedAndCompletedJobs() {
            Job paused = desk.create("a", "every 1h");
            desk.operations.pause(paused.id(), Optional.empty());
            desk.operations.requestRun(paused.id());
            assertThat(desk.job(paused.id()).engine().state()).isEqualTo(JobState.PAUSED);
            Job done = desk.create("b", "30m");
            used(done, done.engine().nextRunAt().orElseThrow(), 1);
            assertThat(desk.operations.requestRun(done.id()).execution().status())
                    .isEqualTo(ExecutionStatus.REQUESTED);
        }

        @Test
        void aRequestThatNobodyCanRunIsWithdrawn() {
            Job job = desk.create("beat", "every 1h");
            RequestedRun run = desk.operations.requestRun(job.id());
            assertThat(desk.operations.withdraw(job.id(), run.execution().id(), "nobody able"))
                    .isTrue();
            assertThat(desk.operations.withdraw(job.id(), run.execution().id(), "nobody able"))
                    .isFalse();
            assertThat(desk.rows(job.id())).singleElement().satisfies(row -> {
                assertThat(row.status()).isEqualTo(ExecutionStatus.CANCELLED);
                assertThat(row.reason()).contains("nobody able");
            });
            assertThat(desk.job(job.id()).engine().runCount()).isZero();
        }

        @Test
        void cancelWithdrawsWhatWaitsAndAsksTheOwnerOfARun() {
            Job job = desk.create("beat", "every 1h");
            assertThat(desk.operations.cancel(job.id(), Optional.empty()).changed())
                    .isFalse();
            desk.operations.requestRun(job.id());
            desk.running(job.id());
            desk.operations.cancel(job.id(), Optional.empty());
            assertThat(desk.rows(job.id()))
                    .anyMatch(row -> row.status() == ExecutionStatus.CANCELLED)
                    .anyMatch(row -> row.status() == ExecutionStatus.RUNNING && Requests.isCancelWished(row));
        }
    }

    @Nested
    class RemoveAndFind {
        @Test
        void removeDeletesTheJobAndEndsWhatWaits() {
            Job job = desk.create("beat", "every 1h");
            desk.operations.requestRun(job.id());
            desk.operations.remove("beat");
            assertThat(desk.operations.list()).isEmpty();
            assertThat(desk.rows(job.id()))
                    .singleElement()
                    .matches(row -> row.status() == ExecutionStatus.CANCELLED)
                    .matches(row -> row.reason().equals(Optional.of("removed")));
            assertThatThrownBy(() -> desk.operations.remove(job.id())).isInstanceOf(JobNotFoundException.class);
        }

        @Test
        void aRunInProgressGoesOnAfterRemoval() {
            Job job = desk.create("beat", "every 1h");
            desk.running(job.id());
            JobChange removed = desk.operations.remove(job.id());
            assertThat(removed.notes()).anyMatch(note -> note.contains("goes on"));
            assertThat(desk.rows(job.id())).singleElement().matches(row -> row.status() == ExecutionStatus.RUNNING);
        }

        @Test
        void aJobIsFoundByIdByNameInAnyCaseAndByAPrefix() {
            Job job = desk.create("Morning report", "every 1h");
            assertThat(desk.operations.find(job.id())).isEqualTo(job);
            assertThat(desk.operations.find("morning REPORT")).isEqualTo(job);
            assertThat(desk.operations.find(job.id().substring(0, 4))).isEqualTo(job);
            assertThatThrownBy(() -> desk.operations.find(job.id().substring(0, 3)))
                    .isInstanceOf(JobNotFoundException.class);
            assertThatThrownBy(() -> desk.operations.find("")).isInstanceOf(JobNotFoundException.class);
        }

        @Test
        void aTextThatFitsSeveralIsRefusedWithTheCandidates() {
            Job one = desk.create("twin", "every 1h");
            Job two = desk.create("TWIN", "every 1h");
            assertThatThrownBy(() -> desk.operations.find("Twin"))
                    .isInstanceOfSatisfying(
                            AmbiguousJobException.class,
                            e -> assertThat(e.candidates()).containsExactlyInAnyOrder(one, two))
                    .hasMessageContaining(one.id())
                    .hasMessageContaining(two.id());
            desk.create(one.id().substring(0, 5), "every 1h");
            assertThatThrownBy(() -> desk.operations.find(one.id().substring(0, 5)))
                    .isInstanceOf(AmbiguousJobException.class);
            assertThat(desk.operations.find(one.id())).isEqualTo(one);
        }
    }

    @Test
    void aJobThatCannotBeReadHereIsLeftAsItIsUntilAnEditMendsIt() {
        Map<String, Object> tree =
                new LinkedHashMap<>(desk.script("odd", "every 10m").build().toMap());
        tree.put("schedule", Map.of("kind", "interval", "seconds", 600, "timezone", "Mars/Olympus_Mons"));
        JobDefinition odd = JobDefinition.fromStore(tree);
        desk.store.jobs().create(List.of(new Job("odd", odd, 1, EngineState.fresh())));

        assertThatThrownBy(() -> desk.operations.pause("odd", Optional.empty()))
                .hasMessageContaining("Mars/Olympus_Mons");
        assertThatThrownBy(() -> desk.operations.edit(
                        "odd", JobEdit.builder().setRaw("name", "even").build()))
                .hasMessageContaining("Mars/Olympus_Mons");
        assertThat(desk.job("odd").definition()).isEqualTo(odd);
        assertThat(desk.job("odd").definition().toMap()).isEqualTo(odd.toMap());

        desk.operations.edit(
                "odd",
                JobEdit.builder()
                        .set(JobField.SCHEDULE, Schedule.interval(Duration.ofMinutes(10), ZoneOffset.UTC))
                        .build());

        assertThat(desk.job("odd").definition().fault()).isEmpty();
        assertThat(desk.job("odd").definition().get(JobField.SCRIPT)).contains("beat.sh");
        assertThat(desk.job("odd").engine().state()).isEqualTo(JobState.SCHEDULED);
        assertThat(desk.job("odd").engine().dueAt()).contains(Desk.START.plus(Duration.ofMinutes(10)));
    }
}
