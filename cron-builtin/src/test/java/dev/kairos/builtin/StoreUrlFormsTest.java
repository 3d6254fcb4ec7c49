package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.builtin.system.SystemEnvironment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told whose {@code store.url} no store takes. */
class StoreUrlFormsTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://me:hunter2@db/app",
                "postgresql://me:hunter2@db:5432/app?sslmode=require",
                "POSTGRES://db/app?password=hunter2",
                "jdbc:postgres://db/app?password=hunter2",
                "pgsql:host=db;password=hunter2",
                "jdbc:postgres?password=hunter2",
                "jdbc:postgresql"
            })
    void oneThatMeansPostgresqlIsShownHowThatIsWritten(String url) {
        assertThat(StoreUrlForms.advice(url))
                .startsWith("did you mean jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=${file:/path} ?")
                .doesNotContain("hunter2", "me:");
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite:/x.db, jdbc:sqlite:/x.db",
        "sqlite:///x.db, jdbc:sqlite:/x.db",
        "sqlite3:cron/state.db, jdbc:sqlite:cron/state.db",
        "JDBC:SQLITE:/x.db, jdbc:sqlite:/x.db",
        "file:///var/x.db, jdbc:sqlite:/var/x.db",
        "/var/x.db, jdbc:sqlite:/var/x.db",
        "cron/state.db, jdbc:sqlite:cron/state.db",
        "sqlite:/x.db?password=hunter2, jdbc:sqlite:PATH",
        "memory, memory:",
        "jdbc:sqlite3::memory:, memory:"
    })
    void oneThatMeansAFileOrNoneIsShownHowThatIsWritten(String url, String meant) {
        assertThat(StoreUrlForms.advice(url))
                .startsWith("did you mean " + meant + " ?")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:mysql://db/app?password=hunter2", "jdbc:oracle:thin:me/hunter2@db", "hunter2@", "x:hunter2"
            })
    void anyOtherIsToldWhichFormsThereAre(String url) {
        assertThat(StoreUrlForms.advice(url))
                .startsWith("jdbc:sqlite:PATH")
                .contains("jdbc:postgresql://HOST:PORT/DATABASE", "memory:")
                .doesNotContain("hunter2");
    }

    @Test
    void whoeverOpensItIsToldSo() {
        try (Plugins plugins = PluggedHome.of(new SystemEnvironment(), home, Configuration.of(Map.of()))) {
            assertThatThrownBy(() -> StoreOpener.open(
                            "postgres://me:hunter2@db/app", home, new SystemEnvironment(), () -> plugins))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            refused -> assertThat(refused.accepted()).contains("jdbc:postgresql://HOST:PORT/DATABASE"))
                    .hasMessageNotContaining("hunter2");
        }
    }
}
