package dev.kairos.api.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant WINTER = Instant.parse("2027-01-15T08:00:00Z");

    static Stream<Arguments> trees() {
        return Stream.of(
                Arguments.of(
                        Schedule.once(WINTER, WARSAW),
                        tree("once", "run_at", "2027-01-15T08:00:00Z", "2027-01-15T09:00:00+01:00")),
                Arguments.of(
                        Schedule.interval(Duration.ofMinutes(90), WARSAW),
                        tree("interval", "seconds", 5_400L, "every 1h30m")),
                Arguments.of(
                        Schedule.cron("*/15 9-17 * * MON-FRI", WARSAW),
                        tree("cron", "expr", "*/15 9-17 * * MON-FRI", "*/15 9-17 * * MON-FRI")));
    }

    private static Map<String, Object> tree(String kind, String key, Object value, String display) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", kind);
        map.put(key, value);
        map.put("display", display);
        map.put("timezone", "Europe/Warsaw");
        return map;
    }

    @ParameterizedTest
    @MethodSource("trees")
    void theTreeIsWrittenInOrderAndReadBackEqual(Schedule schedule, Map<String, Object> tree) {
        assertThat(schedule.toMap()).containsExactlyEntriesOf(tree);
        assertThat(Schedule.fromMap(schedule.toMap())).isEqualTo(schedule).hasSameHashCodeAs(schedule);
    }

    @Test
    void aPeriodIsShownInDescendingUnits() {
        assertThat(Schedule.interval(Duration.ofSeconds(45), UTC).display()).isEqualTo("every 45s");
        assertThat(Schedule.interval(Duration.ofSeconds(93_784), UTC).display()).isEqualTo("every 1d2h3m4s");
        assertThat(Schedule.interval(Duration.ofDays(14), UTC).display()).isEqualTo("every 2w");
        assertThat(Schedule.interval(Duration.ofDays(8), UTC).display()).isEqualTo("every 8d");
    }

    @Test
    void anotherToolsTreeMeansTheSame() {
        assertThat(Schedule.fromMap(Map.of("kind", "interval", "minutes", 120, "display", "every 120m")))
                .isEqualTo(Schedule.interval(Duration.ofHours(2), UTC));
        assertThat(Schedule.fromMap(Map.of("expr", " 0  9 * * * "), WARSAW))
                .isEqualTo(Schedule.cron("0 9 * * *", WARSAW));
        assertThat(Schedule.fromMap(Map.of("run_at", "2027-01-15T09:00:00.000001+01:00", "kind", "once")))
                .isEqualTo(Schedule.once(WINTER, UTC));
        assertThat(Schedule.fromMap(Map.of("run_at", "2027-01-15 09:00:00"), WARSAW))
                .isEqualTo(Schedule.once(WINTER, WARSAW));
        assertThat(Schedule.fromMap(Map.of("run_at", "2027-01-15"), UTC))
                .isEqualTo(Schedule.once(Instant.parse("2027-01-15T00:00:00Z"), UTC));
        assertThat(Schedule.fromMap(Map.of("run_at", "2027-03-28T02:30:00"), WARSAW)
                        .runAt())
                .as("in a gap: its end")
                .contains(Instant.parse("2027-03-28T01:00:00Z"));
        assertThat(Schedule.fromMap(Map.of("run_at", "2027-10-31T02:30:00"), WARSAW)
                        .runAt())
                .as("in an overlap: the first pass")
                .contains(Instant.parse("2027-10-31T00:30:00Z"));
    }

    static Stream<Arguments> badTrees() {
        return Stream.of(
                Arguments.of(Map.of(), "schedule.kind"),
                Arguments.of(Map.of("kind", "weekly"), "schedule.kind"),
                Arguments.of(Map.of("kind", 7), "schedule.kind"),
                Arguments.of(Map.of("kind", "cron"), "schedule.expr"),
                Arguments.of(Map.of("kind", "cron", "expr", "0 9 * *"), "schedule.expr"),
                Arguments.of(Map.of("kind", "cron", "expr", "0 9 * * \u0661"), "schedule.expr"),
                Arguments.of(Map.of("kind", "interval"), "schedule.seconds"),
                Arguments.of(Map.of("kind", "interval", "seconds", 0), "schedule.seconds"),
                Arguments.of(Map.of("kind", "interval", "seconds", -5L), "schedule.seconds"),
                Arguments.of(Map.of("kind", "interval", "seconds", 1.5), "schedule.seconds"),
                Arguments.of(Map.of("kind", "interval", "seconds", Double.NaN), "schedule.seconds"),
                Arguments.of(Map.of("kind", "interval", "minutes", Long.MAX_VALUE), "schedule.minutes"),
                Arguments.of(Map.of("kind", "interval", "seconds", "60"), "schedule.seconds"),
                Arguments.of(Map.of("kind", "once", "run_at", "tomorrow"), "schedule.run_at"),
                Arguments.of(Map.of("kind", "once", "run_at", "2027-02-30"), "schedule.run_at"),
                Arguments.of(Map.of("expr", "0 9 * * *", "timezone", "Europe/Warsow"), "schedule.timezone"));
    }

    @ParameterizedTest
    @MethodSource("badTrees")
    void badContentNamesTheField(Map<String, Object> tree, String where) {
        assertThatThrownBy(() -> Schedule.fromMap(tree))
                .isInstanceOfSatisfying(InvalidInputException.class, refusal -> {
                    assertThat(refusal.where()).isEqualTo(where);
                    assertThat(refusal.accepted()).startsWith("write ");
                });
    }

    @Test
    void aCallersMistakeIsRefusedAtOnce() {
        assertThatThrownBy(() -> Schedule.interval(Duration.ofMillis(1_500), UTC))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.interval(Schedule.LONGEST_PERIOD.plusSeconds(1), UTC))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.cron("0 9  * * *", UTC)).isInstanceOf(IllegalArgumentException.class);
    }
}
