package dev.kairos.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
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

/** What one claim decides: advance before run, misfire, overlap, repeat, requests. */
final class ClaimPlannerTest {
    private static final Instant NINE = Instant.parse("2027-01-15T09:00:00Z");
    private static final Schedule MINUTELY = Schedule.interval(Duration.ofMinutes(1), ZoneOffset.UTC);

    @Test
    void anIntervalIsAdvancedInTheWriteThatClaimsIt() {
        Amendment claim = at(NINE, job(MINUTELY), List.of());

        assertThat(claim.rows()).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(row.scheduledAt()).isEqualTo(NINE);
            assertThat(row.node()).contains("n");
            assertThat(row.fence()).isEqualTo(1);
        });
        EngineState after = claim.engine().orElseThrow();
        assertThat(after.lastScheduledAt()).contains(NINE);
        assertThat(after.nextRunAt()).contains(NINE.plusSeconds(60));
        assertThat(after.state()).isEqualTo(JobState.RUNNING);
        assertThat(after.completedCount()).isEqualTo(1);
    }

    @Test
    void aCronJobGoesToTheNextMatchAndAOneShotHasNone() {
        Amendment cron = at(NINE, job(Schedule.cron("0 9 * * *", ZoneOffset.UTC)), List.of());
        assertThat(cron.engine().orElseThrow().nextRunAt()).contains(NINE.plus(Duration.ofDays(1)));

        Amendment once = at(NINE, job(Schedule.once(NINE, ZoneOffset.UTC)), List.of());
        assertThat(once.rows()).hasSize(1);
        assertThat(once.engine().orElseThrow().nextRunAt()).isEmpty();
        assertThat(once.engine().orElseThrow().lastScheduledAt()).contains(NINE);
    }

    @Test
    void aJobWhoseInstantLiesAheadOrWasUsedUpIsLeftAlone() {
        assertThat(at(NINE.minusMillis(1), job(MINUTELY), List.of()).isNone()).isTrue();

        Job used = job(MINUTELY);
        Job again = used.withEngine(
                used.engine().toBuilder().lastScheduledAt(Optional.of(NINE)).build());
        assertThat(at(NINE, again, List.of()).isNone()).isTrue();
    }

    @Test
    void aRemovedJobsWaitingRowsAreCancelled() {
        Execution waiting = Execution.builder("r", "j", NINE).build();
        Amendment claim = planner(NINE).decide(new JobView("j", Optional.empty(), List.of(waiting)));

        assertThat(claim.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.CANCELLED);
    }

    /** Downtime from 09:00 on, one occurrence a minute; grace of such a job is its period, 60 s. */
    @ParameterizedTest
    @CsvSource({
        // policy,   now,      runs,           reason,   missed in the run, skipped
        "RUN_ONCE, 09:00:05, 09:00,          '',       '',                ''",
        "RUN_ONCE, 09:00:30, 09:00,          late,     '',                ''",
        "RUN_ONCE, 09:05:00, 09:05,          late,     09:00-09:04x5,     ''",
        "SKIP,     09:00:30, 09:00,          late,     '',                ''",
        "SKIP,     09:05:30, 09:05,          late,     '',                09:00-09:04x5",
        "RUN_ALL,  09:02:30, 09:00 09:01 09:02, catch_up, '',             ''",
    })
    void missedOccurrencesFollowThePolicy(
            Misfire.Policy policy, String now, String runs, String reason, String inRun, String skipped) {
        Job job = job(MINUTELY, JobField.MISFIRE, new Misfire(policy, Optional.empty()));
        Amendment claim = at(clock(now), job, List.of());

        List<Execution> started = claim.rows().stream()
                .filter(row -> row.status() != ExecutionStatus.SKIPPED)
                .toList();
        assertThat(started.stream().map(row -> minute(row.scheduledAt())).toList())
                .containsExactly(runs.split(" "));
        assertThat(started)
                .allSatisfy(row -> assertThat(row.reason().orElse("")).isEqualTo(reason));
        assertThat(started.get(0).missed().map(ClaimPlannerTest::text).orElse(""))
                .isEqualTo(inRun);
        assertThat(claim.rows().stream()
                        .filter(row -> row.status() == ExecutionStatus.SKIPPED)
                        .map(row -> text(row.missed().orElseThrow()))
                        .findFirst()
                        .orElse(""))
                .isEqualTo(skipped);
        assertThat(claim.engine().orElseThrow().nextRunAt().orElseThrow()).isAfter(clock(now));
    }

    @Test
    void pastItsGraceAOneShotRunsLateOrIsSkippedWithItsReason() {
        Schedule once = Schedule.once(NINE, ZoneOffset.UTC);
        Instant late = NINE.plusSeconds(121);

        Amendment runs = at(late, job(once), List.of());
        assertThat(runs.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("catch_up"));

        Job skipping = job(once, JobField.MISFIRE, new Misfire(Misfire.Policy.SKIP, Optional.empty()));
        Amendment skipped = at(late, skipping, List.of());
        assertThat(skipped.rows()).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.SKIPPED);
            assertThat(row.reason()).contains("misfire: past its grace");
        });
        assertThat(skipped.engine().orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void catchUpStopsAtTheRemainingRepeatCount() {
        Job job = job(MINUTELY, JobField.MISFIRE, new Misfire(Misfire.Policy.RUN_ALL, Optional.empty()));
        Job limited = new Job(
                "j", job.definition().toBuilder().set(JobField.REPEAT, 2).build(), 1, job.engine());
        Amendment claim = at(NINE.plusSeconds(300), limited, List.of());

        assertThat(claim.rows().stream()
                        .filter(row -> row.status() != ExecutionStatus.SKIPPED)
                        .map(row -> minute(row.scheduledAt()))
                        .toList())
                .containsExactly("09:04", "09:05");
        assertThat(claim.engine().orElseThrow().completedCount()).isEqualTo(2);
        assertThat(claim.engine().orElseThrow().nextRunAt()).isEmpty();
    }

    @Test
    void whileItRunsASkippingJobSkipsAQueueingOneWaitsAndAnAllowingOneRuns() {
        assertThat(at(NINE, job(MINUTELY), List.of(running())).rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.SKIPPED);
        assertThat(at(NINE, job(MINUTELY, JobField.OVERLAP, Overlap.QUEUE), List.of(running()))
                        .rows())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(ExecutionStatus.QUEUED);
                    assertThat(row.dueAt()).isEmpty();
                });
        assertThat(at(NINE, job(MINUTELY, JobField.OVERLAP, Overlap.ALLOW), List.of(running()))
                        .rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.RUNNING);
    }

    @Test
    void consecutiveSkipsForOneReasonAreOneRow() {
        Job job = job(MINUTELY);
        Amendment first = at(NINE, job, List.of(running()));
        Job after = job.withEngine(first.engine().orElseThrow());
        Amendment second = at(NINE.plusSeconds(60), after, List.of(running()));

        assertThat(second.rows().get(0).id()).isEqualTo(first.rows().get(0).id());
        assertThat(second.rows().get(0).missed()).contains(new Missed(NINE, NINE.plusSeconds(60), 2));
    }

    @Test
    void aRequestRunsBesideTheScheduleAndLapsesAfterAMinute() {
        Execution asked = Execution.builder("r", "j", NINE.minusSeconds(30))
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .build();
        Amendment taken = at(NINE.minusSeconds(10), job(MINUTELY), List.of(asked));
        assertThat(taken.rows()).extracting(Execution::status).containsExactly(ExecutionStatus.RUNNING);
        assertThat(taken.engine().orElseThrow().nextRunAt()).contains(NINE);
        assertThat(taken.engine().orElseThrow().completedCount()).isZero();

        Amendment lapsed = at(NINE.plusSeconds(31), job(MINUTELY), List.of(asked));
        assertThat(lapsed.rows().get(0).status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    void whatWaitsBehindALapsedRequestIsMadeDue() {
        Execution asked = Execution.builder("r", "j", NINE.minusSeconds(90))
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .build();
        Execution held =
                Execution.builder("q", "j", NINE.minusSeconds(60)).held().build();
        Amendment claim = at(NINE.minusSeconds(1), job(MINUTELY), List.of(asked, held));

        assertThat(claim.rows())
                .filteredOn(row -> row.id().equals("q"))
                .singleElement()
                .satisfies(row -> assertThat(row.dueAt()).contains(NINE.minusSeconds(1)));
    }

    @Test
    void nothingIsClaimedAheadOfTimeBesideAnOpenRow() {
        ClaimPlanner early = new ClaimPlanner(
                new ClaimPlanner.Pass("n", NINE.minusSeconds(2), NINE, "test", Misfire.DEFAULT),
                new Timetable(),
                new Random(1));

        assertThat(early.decide(new JobView("j", Optional.of(job(MINUTELY)), List.of(running())))
                        .isNone())
                .isTrue();
        assertThat(early.decide(new JobView("j", Optional.of(job(MINUTELY)), List.of()))
                        .rows())
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.CLAIMED);
    }

    @Test
    void theStartOfARowThatWaitedDoesNotPartTheSkipsAroundIt() {
        EngineState.SkipSpan span = new EngineState.SkipSpan(
                "s", "overlap: the job is running", new Missed(NINE.minusSeconds(60), NINE.minusSeconds(60), 1));
        Job job = job(MINUTELY);
        Job skipping = job.withEngine(
                job.engine().toBuilder().skipping(Optional.of(span)).build());
        Execution backlog = Execution.builder("b", "j", NINE.minusSeconds(600))
                .status(ExecutionStatus.QUEUED)
                .dueAt(NINE.minusSeconds(30))
                .build();

        Amendment start = at(NINE.minusSeconds(30), skipping, List.of(backlog));
        Amendment skip = at(NINE, job.withEngine(start.engine().orElseThrow()), start.rows());

        assertThat(skip.rows()).singleElement().satisfies(row -> {
            assertThat(row.id()).isEqualTo("s");
            assertThat(row.missed()).contains(new Missed(NINE.minusSeconds(60), NINE, 2));
        });
    }

    private static Amendment at(Instant now, Job job, List<Execution> open) {
        return planner(now).decide(new JobView("j", Optional.of(job), open));
    }

    private static ClaimPlanner planner(Instant now) {
        return new ClaimPlanner(
                new ClaimPlanner.Pass("n", now, now, "test", Misfire.DEFAULT), new Timetable(), new Random(1));
    }

    private static Execution running() {
        return Execution.builder("open", "j", NINE.minusSeconds(60))
                .status(ExecutionStatus.RUNNING)
                .node("n")
                .fence(1)
                .startedAt(NINE.minusSeconds(60))
                .build();
    }

    private static Job job(Schedule schedule) {
        return new Job("j", definition(schedule).build(), 1, armed());
    }

    private static <T> Job job(Schedule schedule, JobField<T> field, T value) {
        return new Job("j", definition(schedule).set(field, value).build(), 1, armed());
    }

    private static JobDefinition.Builder definition(Schedule schedule) {
        return JobDefinition.builder().set(JobField.NAME, "j").set(JobField.SCHEDULE, schedule);
    }

    private static EngineState armed() {
        return EngineState.fresh().toBuilder()
                .next(Optional.of(NINE), Optional.of(NINE))
                .build();
    }

    private static Instant clock(String time) {
        return Instant.parse("2027-01-15T" + time + "Z");
    }

    private static String minute(Instant instant) {
        return instant.toString().substring(11, 16);
    }

    private static String text(Missed missed) {
        return minute(missed.from()) + "-" + minute(missed.to()) + "x" + missed.count();
    }
}
