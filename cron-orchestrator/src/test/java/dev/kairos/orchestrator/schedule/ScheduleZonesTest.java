package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.orchestrator.schedule.ResolvedZone.Source;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleZonesTest {
    private static final Optional<ZoneId> WARSAW = Optional.of(ZoneId.of("Europe/Warsaw"));
    private static final Optional<ZoneId> TOKYO = Optional.of(ZoneId.of("Asia/Tokyo"));
    private static final ZoneId LIMA = ZoneId.of("America/Lima");

    @Test
    void theFirstCandidateWins() {
        assertThat(ScheduleZones.resolve(WARSAW, TOKYO, LIMA))
                .extracting(ResolvedZone::zone, ResolvedZone::source)
                .containsExactly(WARSAW.get(), Source.SCHEDULE);
        assertThat(ScheduleZones.resolve(Optional.empty(), TOKYO, LIMA))
                .extracting(ResolvedZone::zone, ResolvedZone::source)
                .containsExactly(TOKYO.get(), Source.CONFIGURATION);
        assertThat(ScheduleZones.resolve(Optional.empty(), Optional.empty(), LIMA))
                .extracting(ResolvedZone::zone, ResolvedZone::source)
                .containsExactly(LIMA, Source.SYSTEM);
    }

    @Test
    void aMachineWithAFixedOffsetGetsUtcAndAWarning() {
        for (ZoneId fixed : new ZoneId[] {ZoneOffset.ofHours(2), ZoneId.of("GMT+02:00"), ZoneId.of("UTC-3")}) {
            ResolvedZone resolved = ScheduleZones.resolve(Optional.empty(), Optional.empty(), fixed);
            assertThat(resolved.zone()).isEqualTo(ZoneId.of("UTC"));
            assertThat(resolved.source()).isEqualTo(Source.FALLBACK);
            assertThat(resolved.warnings()).singleElement().asString().contains(fixed.getId(), "cron.timezone");
        }
    }

    @Test
    void aMachineInUtcIsNoFallback() {
        for (String utc : new String[] {"UTC", "Etc/UTC", "GMT", "Etc/GMT-2"}) {
            ResolvedZone resolved = ScheduleZones.resolve(Optional.empty(), Optional.empty(), ZoneId.of(utc));
            assertThat(resolved.zone()).isEqualTo(ZoneId.of(utc));
            assertThat(resolved.warnings()).isEmpty();
        }
        ResolvedZone offset = ScheduleZones.resolve(Optional.empty(), Optional.empty(), ZoneOffset.UTC);
        assertThat(offset.zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(offset.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Warsaw, Europe/Warsaw",
        "europe/warsaw, Europe/Warsaw",
        "' utc ', UTC",
        "america/new_york, America/New_York",
        "+02:00, +02:00",
        "Z, Z"
    })
    void aNameIsReadInAnyCase(String text, String zone) {
        assertThat(ScheduleZones.parse(text, "--tz")).isEqualTo(ZoneId.of(zone));
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Warsow, it is no zone of the time zone database; did you mean Europe/Warsaw?",
        "Tokio, it is no zone of the time zone database; did you mean Asia/Tokyo?",
        "new york, it is no zone of the time zone database; did you mean America/New_York?",
        "EST, it is no zone of the time zone database; did you mean America/New_York?",
        "Mars/Base, it is no zone of the time zone database",
        "+25:00, it is no zone of the time zone database",
        "'', the zone is empty"
    })
    void anUnknownNameIsRefusedWithTheNearestOne(String text, String reason) {
        assertThatThrownBy(() -> ScheduleZones.parse(text, "--tz"))
                .isInstanceOfSatisfying(InvalidScheduleException.class, refusal -> {
                    assertThat(refusal.where()).isEqualTo("--tz");
                    assertThat(refusal.reason()).isEqualTo(reason);
                });
    }
}
