package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.orchestrator.mirror.DamagedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirroredRuntimeTest {
    @TempDir
    Path home;

    private CronRuntime build() {
        return CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("store.url", "memory:")
                .setting("cron.jobs_file", "true")
                .build();
    }

    private Path file() {
        return home.resolve("cron/jobs.json");
    }

    @Test
    void whatIsDefinedStandsInTheFileAfterTheEndWithoutAnyStart() throws IOException {
        try (CronRuntime runtime = build()) {
            runtime.define("beat", "every 1h", call -> "");
        }
        assertThat(Files.readString(file())).contains("\"beat\"", "store_id");
    }

    @Test
    void aHandEditIsNoticedWhileItRunsAndCounts() throws IOException {
        try (CronRuntime runtime = build()) {
            runtime.define("beat", "every 1h", call -> "");
            runtime.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file()));
            Files.writeString(file(), Files.readString(file()).replace("\"beat\"", "\"drum\""));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> runtime.jobs().list().stream()
                            .anyMatch(job -> job.displayName().equals("drum")));
        }
    }

    @Test
    void aFileThatCannotBeReadBesideANewStoreStopsTheStart() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{\"jobs\": [");
        assertThatThrownBy(this::build).isInstanceOf(DamagedFileException.class);
        assertThat(Files.readString(file())).isEqualTo("{\"jobs\": [");
    }

    @Test
    void withoutAMirrorThereIsNoFile() {
        try (CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("store.url", "memory:")
                .build()) {
            runtime.define("beat", "every 1h", call -> "");
            assertThat(runtime.mirror()).isEmpty();
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidAndHarmsNothing() throws IOException {
        try (LogCapture log = LogCapture.of("cron.mirror");
                CronRuntime runtime = build()) {
            Files.createDirectories(home.resolve("cron"));
            Files.createDirectories(file().resolve("in-the-way"));
            runtime.define("beat", "every 1s", call -> "");
            runtime.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> log.warnings().size() == 1);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> runtime.jobs().find("beat").engine().runCount() > 1);
        }
    }
}
