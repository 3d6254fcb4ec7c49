package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's provider as a JAR beside a running daemon: dropped, used, removed, and back. */
class DroppedProviderIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aShortProviderIsDroppedSelectedUsedAndRemoved() throws Exception {
        assertThat(Files.readAllLines(PulseJar.source())).hasSizeLessThanOrEqualTo(60);
        try (ServedHome served = new ServedHome(folder)) {
            Cli cli = served.cli();
            served.script("beat", "");
            cli.done("add", "every 1s", "--script", "beat", "--no-agent", "--name", "beat");
            Files.writeString(
                    served.home().resolve("config.yaml"), "cron:\n  provider: pulse\n  pulse:\n    beat: 1s\n");
            ServeProcess daemon = served.serve();
            await().atMost(LONG).until(daemon::isReady);
            assertThat(daemon.said()).contains("provider builtin", "'pulse' is not used");

            Path jar = PulseJar.drop(served.home().resolve("plugins"), folder);
            assertThat(cli.done("plugins", "list").out()).contains("provider pulse", "has others than these");
            assertThat(cli.done("plugins", "reload").out()).contains("provider pulse", "usable");
            assertThat(cli.done("plugins", "list").out())
                    .contains("provider pulse")
                    .doesNotContain("has others");
            await().atMost(LONG).until(() -> cli.run("status").out().contains("provider pulse"));
            assertFires(served);

            Files.delete(jar);
            assertFires(served);
            assertThat(cli.done("plugins", "reload").out()).doesNotContain("pulse-1.0.jar usable");
            await().atMost(LONG).until(() -> cli.run("status").out().contains("builtin"));
            assertThat(served.log()).contains("'pulse' is not used: no provider has this name");
            assertFires(served);

            PulseJar.drop(served.home().resolve("plugins"), folder);
            cli.done("plugins", "reload");
            await().atMost(LONG).until(() -> !cli.run("status").out().contains("instead of pulse"));
            assertFires(served);
            daemon.term();
        }
    }

    @Test
    void aCommandThatNeedsNeitherPlugInsNorTheServerLoadsNothingOfThem() throws Exception {
        try (ServedHome served = new ServedHome(folder)) {
            served.cli().done("add", "every 1h", "--name", "beat", "--prompt", "x");
            assertThat(classesOf(served.home(), "list")).contains("dev.kairos.builtin.CronRuntime");
            PulseJar.drop(served.home().resolve("plugins"), folder);
            for (String command : List.of("version", "list", "status", "runs")) {
                assertThat(classesOf(served.home(), command))
                        .as(command)
                        .doesNotContain(" org.pf4j.")
                        .doesNotContain(" org.objectweb.asm.")
                        .doesNotContain(" org.eclipse.jetty.")
                        .doesNotContain(" dev.kairos.app.server.")
                        .doesNotContain(" io.modelcontextprotocol.");
            }
            assertThat(classesOf(served.home(), "plugins", "list"))
                    .contains(" org.pf4j.", " dev.kairos.builtin.plugin.PluginJars ");
        }
    }

    /** What the JVM says that it loads. */
    private String classesOf(Path home, String... words) throws Exception {
        Path log = folder.resolve("classes.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.kairos.app.Kairos"));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("classes.out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(log);
    }

    private static void assertFires(ServedHome served) {
        int before = served.effects().size();
        await().atMost(LONG).until(() -> served.effects().size() > before + 1);
    }
}
