package dev.kairos.provider.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JAR that is dropped, in a process that has neither this provider nor db-scheduler on its class path. */
class DroppedPluginIT {
    private static final Path JAR = Path.of(System.getProperty("plugin.jar", "missing"));

    @TempDir
    Path home;

    @Test
    void theJarHoldsItsEngineAndNotWhatTheHostGives() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertThat(names)
                    .contains(
                            "META-INF/services/dev.kairos.api.CronScheduler",
                            "dev/kairos/provider/dbscheduler/DbSchedulerProvider.class",
                            "com/github/kagkarlsson/scheduler/Scheduler.class",
                            "org/postgresql/Driver.class",
                            "com/zaxxer/hikari/HikariDataSource.class",
                            "META-INF/LICENSE")
                    .noneMatch(name -> name.startsWith("dev/kairos/api/"))
                    .noneMatch(name -> name.startsWith("org/slf4j/"))
                    .doesNotContain("META-INF/services/java.sql.Driver", "module-info.class");
        }
    }

    @Test
    void droppedIntoTheFolderItFires() throws IOException {
        firesWith(Map.of("url", Postgres.freshUrl(), "user", "postgres"));
    }

    private void firesWith(Map<String, String> settings) throws IOException {
        assertThatThrownBy(() -> Class.forName("dev.kairos.provider.dbscheduler.DbSchedulerProvider"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> Class.forName("com.github.kagkarlsson.scheduler.Scheduler"))
                .isInstanceOf(ClassNotFoundException.class);
        Path folder = Files.createDirectories(home.resolve("plugins"));
        Files.copy(JAR, folder.resolve("provider-db-scheduler.jar"));
        RuntimeBuilder builder = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("store.url", "memory:")
                .setting("cron.provider", "db-scheduler");
        settings.forEach((key, value) -> builder.setting("cron.db-scheduler." + key, value));
        try (CronRuntime kairos = builder.build()) {
            kairos.define("beat", "every 1s", call -> "beat");
            kairos.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> firedByDbScheduler(kairos) >= 2);
            assertThat(kairos.status().provider().name()).isEqualTo("db-scheduler");
            assertThat(kairos.status().provider().fallbackReason()).isEmpty();
            assertThat(kairos.plugins())
                    .filteredOn(plugin -> plugin.id().equals("provider-db-scheduler"))
                    .extracting(PluginListing::state)
                    .containsExactly(PluginState.USABLE);
        }
    }

    private static long firedByDbScheduler(CronRuntime kairos) {
        String id = kairos.jobs().find("beat").id();
        List<Execution> runs =
                kairos.store().ledger().list(ExecutionQuery.ofJob(id, 100).in(Set.of(ExecutionStatus.OK)));
        return runs.stream()
                .filter(run -> run.source().equals(Optional.of("db-scheduler")))
                .count();
    }
}
