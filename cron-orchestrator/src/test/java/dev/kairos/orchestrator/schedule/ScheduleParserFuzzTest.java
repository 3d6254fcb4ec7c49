package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kairos.api.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Any bytes are either understood or refused in words, and what is understood keeps its promises. The build runs the
 * inputs kept beside it; {@code JAZZER_FUZZ=1 mvn test -Dtest=ScheduleParserFuzzTest} looks for new ones.
 */
class ScheduleParserFuzzTest {
    private static final ScheduleContext CONTEXT =
            ScheduleContext.of(Instant.parse("2026-11-19T09:00:00Z"), ZoneId.of("Europe/Warsaw"));

    @FuzzTest(maxDuration = "60s")
    void anyTextIsUnderstoodOrRefused(byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Whether the text was accepted. */
    static boolean check(String text) {
        Schedule schedule;
        try {
            schedule = ScheduleParser.parse(text, CONTEXT).schedule();
        } catch (InvalidScheduleException refused) {
            assertThat(refused.reason()).isNotEmpty().doesNotContain("\n");
            assertThat(refused.accepted()).isNotEmpty();
            assertThat(refused.given().length()).isLessThanOrEqualTo(6 * 80 + 3);
            assertThat(refused.getMessage().chars().noneMatch(c -> c < ' ' || c == 0x7F))
                    .isTrue();
            return false;
        }
        assertThat(Schedule.fromMap(schedule.toMap())).isEqualTo(schedule);
        assertThat(ScheduleWords.sentence(schedule)).endsWith(".");
        if (schedule.kind() != Schedule.Kind.ONCE) {
            assertThat(ScheduleParser.parse(schedule.display(), CONTEXT.withJobZone(schedule.zone()))
                            .schedule())
                    .isEqualTo(schedule);
        }
        CompiledSchedule compiled = Schedules.compile(schedule);
        Instant base = CONTEXT.now().minusSeconds(121);
        for (int i = 0; i < 3; i++) {
            Optional<Instant> next = compiled.next(base, base);
            if (next.isEmpty()) {
                assertThat(schedule.kind()).isEqualTo(Schedule.Kind.ONCE);
                break;
            }
            assertThat(next.get()).isAfter(base);
            base = next.get();
        }
        assertThat(compiled.shortestGap().isPresent()).isEqualTo(schedule.kind() != Schedule.Kind.ONCE);
        return true;
    }
}
