package dev.kairos.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RepeatedTroubleTest {
    private final RepeatedTrouble trouble = new RepeatedTrouble();

    @Test
    void theSameIsSaidOnceAMinuteWithWhatWasKeptBack() {
        assertThat(trouble.happened("disk full", at(0))).contains("disk full");
        for (int second = 2; second < 60; second += 2) {
            assertThat(trouble.happened("disk full", at(second))).isEmpty();
        }
        assertThat(trouble.happened("disk full", at(60))).contains("disk full (29 more since it was last said)");
        assertThat(trouble.happened("disk full", at(62))).isEmpty();
    }

    @Test
    void anotherReasonIsSaidAtOnce() {
        trouble.happened("disk full", at(0));
        assertThat(trouble.happened("no answer", at(2))).contains("no answer");
    }

    @Test
    void itsEndIsSaidOnceAndItsReturnAtOnce() {
        assertThat(trouble.over()).isEmpty();
        trouble.happened("disk full", at(0));
        trouble.happened("disk full", at(2));
        assertThat(trouble.over()).contains(2);
        assertThat(trouble.over()).isEmpty();
        assertThat(trouble.happened("disk full", at(4))).contains("disk full");
    }

    private static Duration at(int seconds) {
        return Duration.ofHours(1).plusSeconds(seconds);
    }
}
