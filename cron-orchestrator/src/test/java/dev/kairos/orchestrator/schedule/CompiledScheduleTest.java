package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledScheduleTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Instant NOON = Instant.parse("2027-01-15T12:00:00Z");

    private static CompiledSchedule cron(String expression, ZoneId zone) {
        return Schedules.compile(Schedule.cron(expression, zone));
    }

    @Test
    void aOneShotIsNextUntilItsInstantAndThenNothing() {
        CompiledSchedule once = Schedules.compile(Schedule.once(NOON, UTC));
        assertThat(once.next(NOON, NOON.minusMillis(1))).contains(NOON);
        assertThat(once.next(NOON, NOON)).isEmpty();
        assertThat(once.nextEpochMilli(0, NOON.toEpochMilli())).isEqualTo(CompiledSchedule.NONE);
        assertThat(once.periodAfter(NOON)).isEmpty();
        assertThat(once.shortestGap()).isEmpty();
    }

    @Test
    void anIntervalKeepsToItsAnchorHoweverLateItIsAsked() {
        CompiledSchedule every = Schedules.compile(Schedule.interval(Duration.ofMinutes(10), UTC));
        assertThat(every.next(NOON, NOON)).contains(NOON.plusSeconds(600));
        assertThat(every.next(NOON, NOON.plusSeconds(599))).contains(NOON.plusSeconds(600));
        assertThat(every.next(NOON, NOON.plusSeconds(600))).contains(NOON.plusSeconds(1_200));
        assertThat(every.next(NOON, NOON.plus(Duration.ofDays(3)).plusSeconds(61)))
                .as("after downtime the first multiple after now")
                .contains(NOON.plus(Duration.ofDays(3)).plusSeconds(600));
        assertThat(every.next(NOON, NOON.minusSeconds(7_000)))
                .as("never at or before its anchor, even when the clock was set back")
                .contains(NOON.plusSeconds(600));
        assertThat(every.next(NOON.plusMillis(345), NOON.plusSeconds(700))).contains(NOON.plusMillis(1_200_345));
        assertThat(every.shortestGap()).contains(Duration.ofMinutes(10));
        assertThat(every.periodAfter(NOON)).contains(Duration.ofMinutes(10));
    }

    @Test
    void anIntervalIsRealTimeAcrossAChangeOfTheClocks() {
        CompiledSchedule every = Schedules.compile(Schedule.interval(Duration.ofHours(24), NEW_YORK));
        Instant before = Instant.parse("2027-03-13T17:00:00Z");
        assertThat(every.next(before, before)).contains(Instant.parse("2027-03-14T17:00:00Z"));
    }

    @Test
    void anExpressionAnswersTheFirstWholeMinuteStrictlyAfterTheBase() {
        CompiledSchedule minute = cron("* * * * *", UTC);
        assertThat(minute.next(NOON, NOON)).contains(NOON.plusSeconds(60));
        assertThat(minute.next(NOON, NOON.plusNanos(1))).contains(NOON.plusSeconds(60));
        assertThat(minute.next(NOON, NOON.minusNanos(1))).contains(NOON);
        assertThat(minute.nextEpochMilli(0, NOON.toEpochMilli() - 1)).isEqualTo(NOON.toEpochMilli());
        assertThat(cron("0 12 * * *", UTC).next(NOON, NOON.minusNanos(1))).contains(NOON);
    }

    @Test
    void thePeriodIsTheRealTimeToTheSuccessor() {
        CompiledSchedule daily = cron("30 2 * * *", NEW_YORK);
        assertThat(daily.periodAfter(Instant.parse("2027-03-13T07:30:00Z"))).contains(Duration.ofMinutes(23 * 60 + 30));
        assertThat(daily.periodAfter(Instant.parse("2027-07-01T06:30:00Z"))).contains(Duration.ofDays(1));
        assertThat(cron("0 9 * * MON-FRI", UTC).periodAfter(Instant.parse("2027-01-15T09:00:00Z")))
                .contains(Duration.ofDays(3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * * * * *           | PT1M
            */15 * * * *        | PT15M
            0,50 * * * *        | PT10M
            0 9 * * *           | PT24H
            0 9,17 * * *        | PT8H
            0 0,23 * * *        | PT1H
            59 23 * * *         | PT24H
            0,59 0,23 * * *     | PT1M
            0 9 * * MON         | PT168H
            0 9 * * MON,WED     | PT48H
            0 23,0 * * MON      | PT23H
            0 0 1 * *           | PT672H
            0 0 L * *           | PT672H
            0 0 1,L * *         | PT24H
            0 0 31 * *          | PT744H
            0 9 * * MON#1       | PT672H
            0 0 29 2 *          | PT35064H
            0 0 */29 2 */7      | PT43848H
            """)
    void theShortestGapIsTheBoundOfJitter(String expression, Duration gap) {
        assertThat(cron(expression, NEW_YORK).shortestGap()).contains(gap);
    }

    @Test
    void theAnswersEndWithTheYear9999() {
        CompiledSchedule yearly = cron("0 0 1 1 *", UTC);
        Instant last = Instant.parse("9999-01-01T00:00:00Z");
        assertThat(yearly.next(last, last.minusSeconds(1))).contains(last);
        assertThat(yearly.next(last, last)).isEmpty();
        assertThat(yearly.next(last, Instant.MAX)).isEmpty();
        assertThat(yearly.next(last, Instant.MIN)).isPresent();
    }

    @Test
    void theLongestWaitOfAnyExpressionIsFound() {
        CompiledSchedule leapSunday = cron("0 0 */28 2 */7", UTC);
        Instant base = Instant.parse("2088-02-29T00:00:00Z");
        assertThat(base.atZone(ZoneOffset.UTC).getDayOfWeek()).hasToString("SUNDAY");
        assertThat(leapSunday.next(base, base)).isPresent();
        CompiledSchedule fifthMonday = cron("0 0 * 2 MON#5", NEW_YORK);
        Instant first = Instant.parse("2072-03-01T00:00:00Z");
        Optional<Instant> found = fifthMonday.next(first, first);
        assertThat(found).contains(Instant.parse("2112-02-29T05:00:00Z"));
    }

    @Test
    void aBadExpressionIsRefusedWhenItIsCompiled() {
        assertThatThrownBy(() -> cron("0 0 30 2 *", UTC)).isInstanceOf(InvalidScheduleException.class);
        assertThatThrownBy(() -> cron("61 * * * *", UTC))
                .isInstanceOfSatisfying(
                        InvalidScheduleException.class,
                        refusal -> assertThat(refusal.where()).isEqualTo("schedule, minute (field 1 of 5)"));
    }

    @Test
    void thePreviewTellsWhatWasUnderstood() {
        ParsedSchedule parsed =
                ScheduleParser.parse("every monday 9am", ScheduleContext.of(NOON, ZoneId.of("Europe/Warsaw")));
        SchedulePreview preview = SchedulePreview.of(parsed, NOON, 2);
        assertThat(preview.kind()).isEqualTo(Schedule.Kind.CRON);
        assertThat(preview.display()).isEqualTo("0 9 * * MON");
        assertThat(preview.sentence()).isEqualTo("At 09:00 every Monday (Europe/Warsaw).");
        assertThat(preview.next().stream().map(Object::toString))
                .containsExactly("2027-01-18T09:00+01:00", "2027-01-25T09:00+01:00");
        assertThat(preview.notes()).isEqualTo(List.of());
    }
}
