package dev.kairos.provider.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.testkit.MapSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DbSchedulerSettingsTest {
    private static final String URL = "jdbc:postgresql://db:5432/jobs?ssl=true";

    private static DbSchedulerSettings read(Map<String, String> values) {
        Map<String, String> full = new HashMap<>();
        values.forEach((key, value) -> full.put("cron.db-scheduler." + key, value));
        return DbSchedulerSettings.of(new MapSettings(full, "cron.db-scheduler"));
    }

    @Test
    void itNeedsAUrlAndHasStandardsForTheRest() {
        assertThat(DbSchedulerSettings.isPresent(MapSettings.of(Map.of()))).isFalse();
        assertThat(DbSchedulerSettings.isPresent(MapSettings.of(Map.of("url", URL))))
                .isTrue();
        DbSchedulerSettings settings = read(Map.of("url", URL));
        assertThat(settings.address().url()).isEqualTo(URL);
        assertThat(settings.address().user()).isEmpty();
        assertThat(settings.table()).isEqualTo("kairos_fires");
        assertThat(settings.threads()).isEqualTo(4);
        assertThat(settings.pollingInterval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void itsDeclaredLatencyFollowsThePollingInterval() {
        try (Node often = Node.with(Map.of("url", URL));
                Node seldom = Node.with(Map.of("url", URL, "polling_interval", "20s"))) {
            assertThat(often.provider().traits().latency()).isEqualTo(Duration.ofSeconds(5));
            assertThat(seldom.provider().traits().latency()).isEqualTo(Duration.ofSeconds(24));
            assertThat(seldom.provider().traits().outlivesProcess()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "url, '', url: jdbc:postgresql://",
        "url, jdbc:mysql://db/jobs, url: jdbc:postgresql://",
        "url, jdbc:postgresql://me:hunter2@db/jobs, url: jdbc:postgresql://",
        "table, x; drop table y, table: kairos_fires",
        "table, a.b.c, table: kairos_fires",
        "threads, 0, threads: 4",
        "threads, 101, threads: 4",
        "polling_interval, PT0.01S, polling_interval: 1s",
        "polling_interval, 1h, polling_interval: 1s"
    })
    void aWrongSettingSaysKeyReasonAndARightExample(String key, String value, String example) {
        Map<String, String> values = new HashMap<>(Map.of("url", URL));
        values.put(key, value);
        if (value.isEmpty()) {
            values.remove(key);
        }
        assertThatThrownBy(() -> read(values))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cron.db-scheduler." + key)
                .hasMessageNotContaining("hunter2")
                .satisfies(thrown -> assertThat(thrown.getMessage() + ((InvalidInputException) thrown).accepted())
                        .contains(example));
    }

    @Test
    void anAddressShowsNeitherPasswordNorOptions() {
        PostgresAddress address = read(Map.of("url", URL + "&password=hunter2", "user", "me", "password", "hunter3"))
                .address();
        assertThat(address.password()).contains("hunter3");
        assertThat(address.toString()).isEqualTo("jdbc:postgresql://db:5432/jobs");
    }
}
