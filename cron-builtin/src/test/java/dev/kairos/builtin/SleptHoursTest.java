package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hourly jobs of a host that slept, or whose clock was set: exactly the runs and the rows that the policy names. */
class SleptHoursTest {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("d'.' HH:mm").withZone(ZoneOffset.UTC);

    /** How a host misses six hours. */
    enum Sleep {
        /** Its wall clock jumps; no time passed. */
        STEPPED,
        /** The machine is suspended and wakes: both clocks jump. */
        SUSPENDED,
        /** No daemon lives meanwhile. */
        DOWN
    }

    @TempDir
    Path home;

    private final MemoryStore store = new MemoryStore("slept");
    private final List<String> ran = new ArrayList<>();
    private ManualEnvironment time;
    private CronRuntime runtime;
    private String job;

    @AfterEach
    void close() {
        Optional.ofNullable(runtime).ifPresent(this::end);
    }

    /** An hourly job in a host that begins at the given time of the 15th. */
    private void hourly(String at, Misfire misfire) {
        time = new ManualEnvironment(Instant.parse("2027-01-15T" + at + ":00Z"));
        begin(misfire);
    }

    private void begin(Misfire misfire) {
        runtime = CronRuntime.builder()
                .home(home)
                .caller(Caller.operator())
                .environment(time)
                .variables(Map.of())
                .store(store)
                .build();
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.NAME, "beat")
                .set(JobField.MISFIRE, misfire)
                .build();
        job = runtime.define(definition, "0 * * * *", call -> {
                    String occurrence = CLOCK.format(call.request().execution().scheduledAt());
                    ran.add(occurrence);
                    return "ran";
                })
                .job()
                .id();
        runtime.start();
        time.settle();
    }

    private void end(CronRuntime open) {
        var ending = time.start("close", open::close);
        time.advance(Duration.ofSeconds(5));
        assertThat(ending.isDone()).isTrue();
    }

    private void sixHours(Sleep sleep, Misfire misfire) {
        Duration six = Duration.ofHours(6);
        switch (sleep) {
            case STEPPED -> time.stepWallClock(six);
            case SUSPENDED -> time.suspend(six);
            case DOWN -> {
                end(runtime);
                time.suspend(six.minusSeconds(5));
                begin(misfire);
            }
        }
        time.advance(Duration.ofSeconds(5));
    }

    /** The ledger, oldest occurrence first. */
    private List<String> rows() {
        List<Execution> rows = new ArrayList<>(store.ledger().list(ExecutionQuery.ofJob(job, 1_000)));
        rows.sort((one, other) -> one.scheduledAt().compareTo(other.scheduledAt()));
        return rows.stream().map(SleptHoursTest::text).toList();
    }

    private static String text(Execution row) {
        return CLOCK.format(row.scheduledAt()) + " " + row.status().word()
                + row.reason().map(why -> " " + why).orElse("")
                + row.missed()
                        .map(missed -> " [" + CLOCK.format(missed.from()) + " - " + CLOCK.format(missed.to()) + ", "
                                + missed.count() + "]")
                        .orElse("");
    }

    /** Time passes; the minutes in which nothing is due are slept through. */
    private void upTo(String instant) {
        Instant end = Instant.parse("2027-01-" + instant + ":00Z");
        while (time.now().isBefore(end)) {
            Instant hour = time.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
            Instant stop = hour.isBefore(end) ? hour : end;
            Duration quiet = Duration.between(time.now(), stop).minusSeconds(5);
            time.suspend(quiet.isNegative() ? Duration.ZERO : quiet);
            time.advance(Duration.between(time.now(), stop).plusSeconds(stop.equals(end) ? 0 : 5));
        }
    }

    private static Misfire policy(Misfire.Policy policy) {
        return new Misfire(policy, Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void runOnceInGraceRunsTheLatestAsLate(Sleep sleep) {
        hourly("09:10", policy(Misfire.Policy.RUN_ONCE));
        sixHours(sleep, policy(Misfire.Policy.RUN_ONCE));
        upTo("15T16:01");
        assertThat(ran).containsExactly("15. 15:00", "15. 16:00");
        assertThat(rows()).containsExactly("15. 15:00 ok late [15. 10:00 - 15. 14:00, 5]", "15. 16:00 ok");
    }

    @ParameterizedTest
    @EnumSource
    void runOncePastGraceRunsTheLatestToCatchUp(Sleep sleep) {
        hourly("09:50", policy(Misfire.Policy.RUN_ONCE));
        sixHours(sleep, policy(Misfire.Policy.RUN_ONCE));
        upTo("15T16:01");
        assertThat(ran).containsExactly("15. 15:00", "15. 16:00");
        assertThat(rows()).containsExactly("15. 15:00 ok catch_up [15. 10:00 - 15. 14:00, 5]", "15. 16:00 ok");
    }

    @ParameterizedTest
    @EnumSource
    void skipInGraceRunsTheLatestAndSkipsTheRestInOneRow(Sleep sleep) {
        hourly("09:10", policy(Misfire.Policy.SKIP));
        sixHours(sleep, policy(Misfire.Policy.SKIP));
        upTo("15T16:01");
        assertThat(ran).containsExactly("15. 15:00", "15. 16:00");
        assertThat(rows())
                .containsExactly(
                        "15. 10:00 skipped misfire: only the latest runs [15. 10:00 - 15. 14:00, 5]",
                        "15. 15:00 ok late",
                        "15. 16:00 ok");
    }

    @ParameterizedTest
    @EnumSource
    void skipPastGraceRunsNothingOfThemAndSaysSoInOneRow(Sleep sleep) {
        hourly("09:50", policy(Misfire.Policy.SKIP));
        sixHours(sleep, policy(Misfire.Policy.SKIP));
        upTo("15T16:01");
        assertThat(ran).containsExactly("15. 16:00");
        assertThat(rows())
                .containsExactly(
                        "15. 10:00 skipped misfire: past its grace [15. 10:00 - 15. 15:00, 6]", "15. 16:00 ok");
    }

    @ParameterizedTest
    @EnumSource
    void runAllRunsEachInOrder(Sleep sleep) {
        hourly("09:50", policy(Misfire.Policy.RUN_ALL));
        sixHours(sleep, policy(Misfire.Policy.RUN_ALL));
        upTo("15T16:01");
        assertThat(ran)
                .containsExactly(
                        "15. 10:00", "15. 11:00", "15. 12:00", "15. 13:00", "15. 14:00", "15. 15:00", "15. 16:00");
        assertThat(rows())
                .containsExactly(
                        "15. 10:00 ok catch_up",
                        "15. 11:00 ok catch_up",
                        "15. 12:00 ok catch_up",
                        "15. 13:00 ok catch_up",
                        "15. 14:00 ok catch_up",
                        "15. 15:00 ok catch_up",
                        "15. 16:00 ok");
    }

    @Test
    void aGraceOfItsOwnDecides() {
        Misfire misfire = new Misfire(Misfire.Policy.SKIP, Optional.of(Duration.ofMinutes(55)));
        hourly("09:50", misfire);
        sixHours(Sleep.SUSPENDED, misfire);
        assertThat(ran).containsExactly("15. 15:00");
    }

    @Test
    void aClockADayAheadRunsTheLatestOnceAndSetRightAgainTheJobWaitsUntilTimeCatchesUp() {
        hourly("09:10", policy(Misfire.Policy.RUN_ONCE));
        time.stepWallClock(Duration.ofDays(1));
        time.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("16. 09:00");
        assertThat(rows()).containsExactly("16. 09:00 ok late [15. 10:00 - 16. 08:00, 23]");

        time.stepWallClock(Duration.ofDays(-1));
        upTo("16T09:30");
        assertThat(ran).as("nothing it named already").containsExactly("16. 09:00");
        upTo("16T10:01");
        assertThat(ran).containsExactly("16. 09:00", "16. 10:00");
        assertThat(rows()).containsExactly("16. 09:00 ok late [15. 10:00 - 16. 08:00, 23]", "16. 10:00 ok");
    }

    @Test
    void resetForgetsWhatAClockADayAheadUsedUp() {
        hourly("09:10", policy(Misfire.Policy.RUN_ONCE));
        time.stepWallClock(Duration.ofDays(1));
        time.advance(Duration.ofSeconds(5));
        time.stepWallClock(Duration.ofDays(-1));
        time.advance(Duration.ofSeconds(5));

        runtime.jobs().resume(job, ResumeMode.RESET);
        upTo("15T11:01");

        assertThat(ran).containsExactly("16. 09:00", "15. 10:00", "15. 11:00");
        assertThat(rows()).containsExactly("15. 10:00 ok", "15. 11:00 ok");
        upTo("16T09:01");
        assertThat(ran).as("the instant that the wrong clock had used up").endsWith("16. 08:00", "16. 09:00");
    }

    @Test
    void aClockSetBackAnHourRunsNoOccurrenceTwiceAndGoesOnWhereItWas() {
        hourly("09:10", policy(Misfire.Policy.RUN_ONCE));
        upTo("15T12:10");
        time.stepWallClock(Duration.ofHours(-1));
        upTo("15T12:30");
        assertThat(ran).containsExactly("15. 10:00", "15. 11:00", "15. 12:00");
        upTo("15T13:01");
        assertThat(ran).containsExactly("15. 10:00", "15. 11:00", "15. 12:00", "15. 13:00");
        assertThat(rows()).containsExactly("15. 10:00 ok", "15. 11:00 ok", "15. 12:00 ok", "15. 13:00 ok");
    }

    @Test
    void resetAfterAClockWasSetBackRunsTheRepeatedHourAgainAsAsked() {
        hourly("09:10", policy(Misfire.Policy.RUN_ONCE));
        upTo("15T12:10");
        time.stepWallClock(Duration.ofHours(-1));
        time.advance(Duration.ofSeconds(5));

        runtime.jobs().resume(job, ResumeMode.RESET);
        upTo("15T13:01");

        assertThat(ran).containsExactly("15. 10:00", "15. 11:00", "15. 12:00", "15. 12:00", "15. 13:00");
        assertThat(rows()).containsExactly("15. 10:00 ok", "15. 11:00 ok", "15. 12:00 ok", "15. 13:00 ok");
    }
}
