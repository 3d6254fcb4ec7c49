package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which line for which job, in Warsaw: one hour ahead of UTC in winter, two in summer. */
final class PlannerTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:20Z");

    @Test
    void whatCronUnderstandsInTheMachinesZoneIsWrittenAsItIs() {
        assertThat(times(cron("0 9 * * *"), "2026-11-23T08:00:00Z")).isEqualTo("0 9 * * *");
        assertThat(times(cron("*/15 9-17 * * MON-FRI"), "2026-11-23T08:00:00Z")).isEqualTo("*/15 9-17 * * 1-5");
        assertThat(times(cron("30 5 1,15 * SUN"), "2026-12-01T04:30:00Z")).isEqualTo("30 5 1,15 * 0");
        assertThat(times(cron("0 0 1 JAN,JUL *"), "2026-12-31T23:00:00Z")).isEqualTo("0 0 1 1,7 *");
        assertThat(times(cron("5-59/15 * * * 5-7"), "2026-11-22T09:05:00Z")).isEqualTo("5-59/15 * * * 5-7");
    }

    @Test
    void whatCronCannotSayIsWrittenAsItsNextInstant() {
        assertThat(times(cron("0 0 L * *"), "2026-11-29T23:00:00Z")).isEqualTo("0 0 30 11 *");
        assertThat(times(cron("0 9 15W * *"), "2026-12-15T08:00:00Z")).isEqualTo("0 9 15 12 *");
        assertThat(times(cron("0 9 * * MON#2"), "2026-12-14T08:00:00Z")).isEqualTo("0 9 14 12 *");
        assertThat(times(cron("0 9 * * 5L"), "2026-11-27T08:00:00Z")).isEqualTo("0 9 27 11 *");
        assertThat(times(Schedule.cron("0 9 * * *", ZoneId.of("Asia/Tokyo")), "2026-11-23T00:00:00Z"))
                .isEqualTo("0 1 23 11 *");
        assertThat(times(Schedule.interval(Duration.ofMinutes(7), WARSAW), "2026-11-22T09:05:00Z"))
                .isEqualTo("5 10 22 11 *");
        assertThat(times(Schedule.interval(Duration.ofHours(2), WARSAW), "2026-11-22T10:30:00Z"))
                .isEqualTo("30 11 22 11 *");
    }

    @Test
    void jitterAndTheEndOfAGapAreInstantsOfTheirOwn() {
        assertThat(line(cron("0 9 * * *"), "2026-11-23T08:00:17Z"))
                .startsWith("0 9 23 11 * ")
                .contains("sleep 17; ");
        // 02:30 does not exist on 2027-03-28: it is due at 03:00
        assertThat(times(cron("30 2 * * *"), "2027-03-28T01:00:00Z")).isEqualTo("0 3 28 3 *");
        assertThat(times(cron("30 2 * * *"), "2027-03-29T00:30:00Z")).isEqualTo("30 2 * * *");
    }

    @Test
    void anInstantInAnHourThatComesTwiceIsArmedForBothPasses() {
        Schedule tokyo = Schedule.cron("30 10 * * *", ZoneId.of("Asia/Tokyo"));
        assertThat(times(tokyo, "2027-10-31T00:30:00Z")).isEqualTo("30 */24,2 31 10 *");
        assertThat(times(tokyo, "2027-10-31T01:30:00Z")).isEqualTo("30 */24,2 31 10 *");
        assertThat(times(tokyo, "2027-10-31T02:00:00Z")).isEqualTo("0 3 31 10 *");
    }

    @Test
    void anIntervalThatDividesTheHourKeepsItsLine() {
        Schedule quarter = Schedule.interval(Duration.ofMinutes(15), WARSAW);
        assertThat(line(quarter, "2026-11-22T09:07:42Z"))
                .startsWith("7,22,37,52 * * * * ")
                .contains("sleep 42; ");
        assertThat(line(quarter, "2026-11-22T09:22:42Z")).isEqualTo(line(quarter, "2026-11-22T09:07:42Z"));
        assertThat(times(Schedule.interval(Duration.ofMinutes(1), WARSAW), "2026-11-22T09:01:00Z"))
                .isEqualTo("* * * * *");
        assertThat(times(Schedule.interval(Duration.ofHours(1), WARSAW), "2026-11-22T09:41:00Z"))
                .isEqualTo("41 * * * *");
    }

    @Test
    void whatComesMoreOftenThanCronIsLookedForInEachMinute() {
        Schedule often = Schedule.interval(Duration.ofSeconds(20), WARSAW);
        assertThat(line(often, "2026-11-22T09:00:45Z"))
                .startsWith("* * * * * ")
                .contains("sleep $((t-e))", "((5-m)\\%20+20)\\%20")
                .isEqualTo(line(often, "2026-11-22T09:01:05Z"));
        assertThat(times(Schedule.interval(Duration.ofSeconds(90), WARSAW), "2026-11-22T09:01:30Z"))
                .isEqualTo("* * * * *");
    }

    @Test
    void whatComesTooOftenIsRefusedWithAWayOut() {
        Plan plan = plan(NOW, List.of(), trigger("beat", "2026-11-22T09:01:00Z", every(5)));
        assertThat(plan.refused().get("beat")).contains("every 5 s is too often", "builtin", "shortest_interval");
        assertThat(plan.lines()).anyMatch(line -> line.startsWith("# job beat is not armed: every 5 s"));
        assertThat(plan.armed()).isEmpty();
    }

    @Test
    void oneThatCannotBeArmedStopsNoneOfTheOthers() {
        Plan plan = plan(
                NOW,
                List.of(),
                trigger("beat", "2026-11-22T09:01:00Z", every(5)),
                trigger("good", "2026-11-23T08:00:00Z", cron("0 9 * * *")));
        assertThat(plan.armed()).containsOnlyKeys("good");
    }

    @Test
    void theHomeIsWokenAfterAStartOfTheMachineAndHourly() {
        assertThat(entries(plan(NOW, List.of())))
                .hasSize(2)
                .allMatch(line -> line.endsWith(" /opt/kairos/bin/kairos fire _wake --home /home/ann/.kairos"))
                .anyMatch(line -> line.startsWith("@reboot /bin/sh -c "))
                .anyMatch(line -> line.matches("\\d{1,2} \\* \\* \\* \\* /bin/sh -c .*"));
    }

    @Test
    void aOneShotMoreThanAYearAwayHasALineThatComesForNothingOnceAYear() {
        assertThat(times(Schedule.once(Instant.parse("2028-02-29T08:00:00Z"), WARSAW), "2028-02-29T08:00:00Z"))
                .isEqualTo("0 9 29 2 *");
    }

    @Test
    void whatIsTooLateForItsMinuteIsWokenForInTheNext() {
        for (String due : List.of("2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T09:00:50Z")) {
            Plan plan = plan(NOW, List.of(), trigger("late", due, once(due)));
            assertThat(woken(plan)).as(due).isEqualTo("1 10 22 11 *");
            assertThat(entries(plan)).noneMatch(line -> line.contains("fire late"));
            assertThat(plan.soonest()).contains(Instant.parse("2026-11-22T09:01:00Z"));
        }
        Instant justBefore = Instant.parse("2026-11-22T09:00:57Z");
        Plan plan = plan(justBefore, List.of(), trigger("late", "2026-11-22T09:01:00Z", once("2026-11-22T09:01:00Z")));
        assertThat(woken(plan)).isEqualTo("2 10 22 11 *");
    }

    @Test
    void aLineThatStandsIsLeftToCronUntilItsMinuteIsOver() {
        DesiredTrigger soon = trigger("soon", "2026-11-22T09:01:10Z", once("2026-11-22T09:01:10Z"));
        Plan before = plan(NOW, List.of(), soon);
        for (String later : List.of("2026-11-22T09:00:58Z", "2026-11-22T09:01:00Z", "2026-11-22T09:01:09Z")) {
            assertThat(plan(Instant.parse(later), before.lines(), soon).lines())
                    .as(later)
                    .isEqualTo(before.lines());
        }
        Plan onItsWay = plan(Instant.parse("2026-11-22T09:01:12Z"), before.lines(), soon);
        assertThat(onItsWay.lines()).containsAll(before.lines());
        assertThat(woken(onItsWay)).as("its program may have failed").isEqualTo("3 10 22 11 *");
        assertThat(woken(plan(Instant.parse("2026-11-22T09:02:10Z"), before.lines(), soon)))
                .isEqualTo("3 10 22 11 *");
    }

    @Test
    void whatStaysOverdueIsWokenForLessAndLess() {
        DesiredTrigger stuck = trigger("stuck", "2026-11-22T08:00:00Z", once("2026-11-22T08:00:00Z"));
        List<String> lines = List.of();
        StringBuilder seen = new StringBuilder();
        for (int minute = 0; minute < 90; minute++) {
            Plan plan = plan(NOW.plus(Duration.ofMinutes(minute)), lines, stuck);
            String woken = woken(plan);
            if (!seen.toString().endsWith(woken + "\n")) {
                seen.append(woken).append("\n");
            }
            lines = plan.lines();
        }
        assertThat(seen.toString().lines().map(line -> line.split(" ")[1] + ":" + line.split(" ")[0]))
                .containsExactly("10:1", "10:2", "10:4", "10:8", "10:16", "10:32", "11:4");
        Plan more = plan(
                NOW.plus(Duration.ofMinutes(90)),
                lines,
                stuck,
                trigger("fresh", "2026-11-22T10:20:00Z", once("2026-11-22T10:20:00Z")));
        assertThat(woken(more)).as("something else is overdue").isEqualTo("31 11 22 11 *");
    }

    @Test
    void theWakeUpHasALineAtItsInstantOrAtTheNextFiveMinutesOfTheClock() {
        assertThat(woken(plan(NOW, List.of(), wake("2026-11-22T09:03:12Z")))).isEqualTo("3 10 22 11 *");
        Plan first = plan(NOW, List.of(), wake("2026-11-22T09:05:20Z"));
        assertThat(woken(first)).isEqualTo("5 10 22 11 *");
        Instant later = NOW.plusSeconds(90);
        assertThat(plan(later, first.lines(), wake("2026-11-22T09:06:50Z")).lines())
                .as("asked again")
                .isEqualTo(first.lines());
    }

    @Test
    void jobsBeyondTheBoundAreWokenFor() {
        DesiredTrigger[] many = IntStream.range(0, Planner.MOST + 5)
                .mapToObj(i -> {
                    String due =
                            NOW.plus(Duration.ofHours(1)).plusSeconds(i * 60L).toString();
                    return trigger("job-" + i, due, once(due));
                })
                .toArray(DesiredTrigger[]::new);
        Plan plan = plan(NOW, List.of(), many);
        assertThat(plan.armed().get("job-999")).isNotEmpty();
        assertThat(plan.armed().get("job-1000")).as("by the wake-up").isEmpty();
        assertThat(woken(plan)).isEqualTo("40 3 23 11 *");
    }

    @Test
    void aLineLongerThanCronTakesIsRefused() {
        ShellCommand deep = commands("/home/" + "x".repeat(400));
        assertThatThrownBy(() -> new Planner(deep, WARSAW, Duration.ofSeconds(10), 0).plan(List.of(), List.of(), NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageMatching("its line would have \\d+ bytes and cron takes 998: .*");
    }

    static Schedule cron(String expression) {
        return Schedule.cron(expression, WARSAW);
    }

    static Schedule every(long seconds) {
        return Schedule.interval(Duration.ofSeconds(seconds), WARSAW);
    }

    private static Schedule once(String at) {
        return Schedule.once(Instant.parse(at), WARSAW);
    }

    private static DesiredTrigger trigger(String id, String due, Schedule schedule) {
        return new DesiredTrigger(id, Instant.parse(due), Optional.of(schedule));
    }

    private static DesiredTrigger wake(String due) {
        return new DesiredTrigger("_wake", Instant.parse(due), Optional.empty());
    }

    private static String line(Schedule schedule, String due) {
        return entries(plan(NOW, List.of(), trigger("job", due, schedule))).stream()
                .filter(line -> line.endsWith(" fire job --home /home/ann/.kairos"))
                .findFirst()
                .orElseThrow();
    }

    private static String times(Schedule schedule, String due) {
        return line(schedule, due).replaceFirst(" /bin/sh .*", "");
    }

    /** The time of the one wake-up beside the two that always stand. */
    private static String woken(Plan plan) {
        List<String> wakes = entries(plan).stream()
                .filter(line -> line.contains(" fire _wake ") && !line.startsWith("@") && !line.contains(" * * * * "))
                .toList();
        assertThat(wakes).hasSize(1);
        return wakes.get(0).replaceFirst(" /bin/sh .*", "");
    }

    private static List<String> entries(Plan plan) {
        return plan.lines().stream().filter(line -> !line.startsWith("#")).toList();
    }

    private static Plan plan(Instant now, List<String> standing, DesiredTrigger... desired) {
        return new Planner(commands("/home/ann/.kairos"), WARSAW, Duration.ofSeconds(10), 17)
                .plan(List.of(desired), standing, now);
    }

    private static ShellCommand commands(String home) {
        return new ShellCommand(
                new HomeCommand(job -> List.of("/opt/kairos/bin/kairos", "fire", job, "--home", home), Path.of(home)),
                "/usr/lib/jvm/java-17",
                CrontabSettings.DEFAULT_PATH);
    }
}
