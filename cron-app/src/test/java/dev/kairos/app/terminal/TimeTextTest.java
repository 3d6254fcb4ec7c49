package dev.kairos.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimeTextTest {
    private static final Instant NOW = Instant.parse("2027-01-15T08:00:00Z");

    @Test
    void showsTheLocalTimeWithItsOffset() {
        assertThat(TimeText.both(NOW.plusSeconds(3_600), ZoneId.of("Europe/Warsaw"), NOW))
                .isEqualTo("2027-01-15 10:00:00+01:00 (in 1h)");
        assertThat(TimeText.withWeekday(NOW, ZoneOffset.UTC)).isEqualTo("Fri 2027-01-15 08:00:00Z");
    }

    @Test
    void roughensDistances() {
        assertThat(TimeText.relative(NOW.plusMillis(400), NOW)).isEqualTo("now");
        assertThat(TimeText.relative(NOW.minusSeconds(90), NOW)).isEqualTo("1m30s ago");
        assertThat(TimeText.relative(NOW.plusSeconds(26 * 3_600), NOW)).isEqualTo("in 1d2h");
        assertThat(TimeText.rough(Duration.ofDays(40))).isEqualTo("40d");
        assertThat(TimeText.took(Duration.ofMillis(3_456))).isEqualTo("3.4 s");
    }
}
