package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.TickReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassPacingTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private final PassPacing pacing = new PassPacing(Duration.ofSeconds(60));

    private static TickReport report(int fired, boolean moreDue, Optional<Instant> next) {
        List<String> ids = java.util.Collections.nCopies(fired, "x");
        return new TickReport(NOW, ids, 0, 0, 0, moreDue, next);
    }

    @Test
    void itWaitsForTheNextInstantWithinTheInterval() {
        TickLoop.Wait wait = pacing.after(report(0, false, Optional.of(NOW.plusSeconds(5))), NOW);
        assertThat(wait).isEqualTo(new TickLoop.Wait(Duration.ofSeconds(60), Optional.of(NOW.plusSeconds(5)), true));
    }

    @Test
    void moreDueAfterAPassThatFiredMeansAgainAtOnce() {
        assertThat(pacing.after(report(3, true, Optional.empty()), NOW).atMost())
                .isZero();
    }

    @Test
    void moreDueWithoutAFreeSlotWaitsForTheSlot() {
        TickLoop.Wait wait = pacing.after(report(0, true, Optional.of(NOW)), NOW);
        assertThat(wait).isEqualTo(new TickLoop.Wait(Duration.ofSeconds(1), Optional.empty(), true));
    }

    @Test
    void somethingDueThatNoPassChangesNeverMakesItSpin() {
        Duration before = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
            Duration pause =
                    pacing.after(report(0, false, Optional.of(NOW)), NOW).atMost();
            assertThat(pause).isGreaterThanOrEqualTo(before).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
            before = pause;
        }
        assertThat(before).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void failuresWaitLongerAndLongerAndOneSuccessForgetsThem() {
        List<Duration> waits = java.util.stream.IntStream.range(0, 7)
                .mapToObj(i -> pacing.afterFailure().atMost())
                .toList();
        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 5L, 5L, 5L, 5L);
        pacing.after(report(0, false, Optional.empty()), NOW);
        assertThat(pacing.afterFailure().atMost()).isEqualTo(Duration.ofSeconds(1));
    }
}
