package dev.kairos.provider.quartz;

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

class QuartzSettingsTest {
    private static final String URL = "jdbc:postgresql://db:5432/jobs?ssl=true";

    private static QuartzSettings read(Map<String, String> values) {
        Map<String, String> full = new HashMap<>();
        values.forEach((key, value) -> full.put("cron.quartz." + key, value));
        return QuartzSettings.of(new MapSettings(full, "cron.quartz"));
    }

    @Test
    void withoutAWordItKeepsItsTriggersInMemory() {
        assertThat(read(Map.of()).database()).isEmpty();
        assertThat(read(Map.of()).threads()).isEqualTo(4);
    }

    @Test
    void aDatabaseNeedsAUrlAndHasStandardsForTheRest() {
        QuartzSettings.Database database =
                read(Map.of("store", "JDBC", "url", URL)).database().orElseThrow();
        assertThat(database.address().url()).isEqualTo(URL);
        assertThat(database.address().user()).isEmpty();
        assertThat(database.tablePrefix()).isEqualTo("kairos_qrtz_");
        assertThat(database.checkin()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "store, disk, store: ram",
        "url, '', url: jdbc:postgresql://",
        "url, jdbc:mysql://db/jobs, url: jdbc:postgresql://",
        "url, jdbc:postgresql://me:hunter2@db/jobs, url: jdbc:postgresql://",
        "table_prefix, 1x; drop, table_prefix: kairos_qrtz_",
        "threads, 0, threads: 4",
        "threads, 101, threads: 4",
        "checkin_interval, PT0.1S, checkin_interval: 5s",
        "checkin_interval, 1h, checkin_interval: 5s"
    })
    void aWrongSettingSaysKeyReasonAndARightExample(String key, String value, String example) {
        Map<String, String> values = new HashMap<>(Map.of("store", "jdbc", "url", URL));
        values.put(key, value);
        if (value.isEmpty()) {
            values.remove(key);
        }
        assertThatThrownBy(() -> read(values))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cron.quartz." + key)
                .hasMessageNotContaining("hunter2")
                .satisfies(thrown -> assertThat(thrown.getMessage() + ((InvalidInputException) thrown).accepted())
                        .contains(example));
    }

    @Test
    void anAddressShowsNeitherPasswordNorOptions() {
        PostgresAddress address = read(Map.of(
                        "store", "jdbc", "url", URL + "&password=hunter2", "user", "me", "password", "hunter3"))
                .database()
                .orElseThrow()
                .address();
        assertThat(address.password()).contains("hunter3");
        assertThat(address.toString()).isEqualTo("jdbc:postgresql://db:5432/jobs");
    }

    @Test
    void whatQuartzShipsIsMadeUnderOurPrefixAndNothingIsDropped() {
        assertThat(new QuartzTables("mine_").statements())
                .hasSizeGreaterThan(11)
                .allMatch(sql -> sql.startsWith("CREATE "))
                .allMatch(sql -> sql.contains("mine_"))
                .noneMatch(sql -> sql.contains("QRTZ_"))
                .noneMatch(sql -> sql.toUpperCase(java.util.Locale.ROOT).contains("DROP"));
    }
}
