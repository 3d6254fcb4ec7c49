package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginState;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JAR that is dropped, in a process that has neither this provider nor its library on its class path. */
class DroppedPluginIT {
    private static final Path JAR = Path.of(System.getProperty("plugin.jar", "missing"));

    @TempDir
    Path home;

    @Test
    void theJarHoldsItsLibrariesAndNotWhatTheHostGives() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertThat(names)
                    .contains(
                            "META-INF/services/dev.kairos.api.CronScheduler",
                            "dev/kairos/provider/chronos/ChronosProvider.class",
                            "com/nimbusds/jwt/SignedJWT.class",
                            "com/fasterxml/jackson/databind/ObjectMapper.class")
                    .noneMatch(name -> name.startsWith("dev/kairos/api/"))
                    .noneMatch(name -> name.startsWith("org/slf4j/"))
                    .doesNotContain("module-info.class");
            assertThat(jar.getManifest().getMainAttributes().getValue("Plugin-Id"))
                    .isEqualTo("provider-chronos");
        }
    }

    @Test
    void droppedIntoTheFolderItRegistersTheJobsAndIsUnloadedWithoutATrace() throws Exception {
        assertThatThrownBy(() -> Class.forName("dev.kairos.provider.chronos.ChronosProvider"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> Class.forName("com.nimbusds.jwt.SignedJWT"))
                .isInstanceOf(ClassNotFoundException.class);
        Path folder = Files.createDirectories(home.resolve("plugins"));
        Path dropped = Files.copy(JAR, folder.resolve("provider-chronos.jar"));
        try (StandInPlatform portal = new StandInPlatform(new SystemEnvironment());
                CronRuntime kairos = CronRuntime.builder()
                        .home(home)
                        .variables(Map.of())
                        .setting("store.url", "memory:")
                        .setting("cron.provider", "chronos")
                        .setting("cron.chronos.portal_url", portal.url())
                        .setting("cron.chronos.callback_url", "https://agent.example")
                        .setting("cron.chronos.token", "a-token")
                        .build()) {
            portal.always(Reply.of(200, "{\"schedule_id\":\"s1\",\"armed\":[]}"));
            kairos.define("beat", "every 1h", call -> "beat");
            kairos.start();
            String id = kairos.jobs().find("beat").id();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> portal.requests().stream()
                            .anyMatch(request -> request.body().contains(id)));
            await().until(() -> kairos.status().provider().state().equals("armed"));
            assertThat(kairos.status().provider().name()).isEqualTo("chronos");
            assertThat(kairos.status().provider().fallbackReason()).isEmpty();
            assertThat(states(kairos)).containsExactly(PluginState.USABLE);

            Files.delete(dropped);
            kairos.reloadPlugins();
            assertThat(kairos.status().provider().name()).isEqualTo("builtin");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                kairos.reloadPlugins();
                return states(kairos).isEmpty();
            });
        }
    }

    private static List<PluginState> states(CronRuntime kairos) {
        return kairos.plugins().stream()
                .filter(plugin -> plugin.id().equals("provider-chronos"))
                .map(PluginListing::state)
                .toList();
    }
}
