package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {
    @TempDir
    Path folder;

    private Path home;
    private Cli cli;

    @BeforeEach
    void makeHome() {
        home = folder.resolve("home");
        cli = Cli.at(home);
    }

    private Path drop() throws IOException {
        return PulseJar.drop(home.resolve("plugins"), folder);
    }

    private static Map<?, ?> plugin(Cli.Result result, String id) {
        List<?> plugins = (List<?>) Objects.requireNonNull(result.json().get("plugins"));
        return plugins.stream()
                .map(one -> (Map<?, ?>) one)
                .filter(one -> id.equals(one.get("id")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void listShowsWhatAJarOffersAndWhereItLies() throws IOException {
        Path jar = drop();
        String out = cli.done("plugins", "list").out();
        assertThat(out).contains("pulse", "1.0", "usable", "provider pulse", jar.toString());
        Map<?, ?> pulse = plugin(cli.done("plugins", "list", "--json"), "pulse");
        assertThat(pulse.get("version")).isEqualTo("1.0");
        assertThat(pulse.get("state")).isEqualTo("usable");
        assertThat(pulse.get("source")).isEqualTo(jar.toString());
        assertThat(String.valueOf(pulse.get("sha256"))).hasSize(64);
    }

    @Test
    void listOfAHomeThatIsNotThereMakesNone() {
        assertThat(cli.done("plugins", "list").out()).doesNotContain(".jar  ");
        assertThat(home).doesNotExist();
    }

    @Test
    void listSaysWhyAJarIsNotUsedAndWhatToDo() throws IOException {
        Files.createDirectories(home.resolve("plugins"));
        Path jar = Files.writeString(home.resolve("plugins/torn.jar"), "half of it");
        String out = cli.done("plugins", "list").out();
        assertThat(out).contains("torn", "refused", "torn: it is no JAR", "copy it again");
        assertThat(plugin(cli.done("plugins", "list", "--json"), "torn").get("remedy"))
                .asString()
                .contains("copy it again");
        Cli.Result doctor = cli.run("doctor");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out()).contains("Plug-ins", jar.toString(), "it is no JAR", "copy it again");
    }

    @Test
    void verifyJudgesAJarThatLiesAnywhereAndLeavesNoTrace() throws IOException {
        Path jar = PulseJar.drop(folder.resolve("downloads"), folder);
        Cli.Result good = cli.done("plugins", "verify", jar.toString());
        assertThat(good.out()).contains("pulse", "usable", "provider pulse", "For plugins.lock: ", "  pulse-1.0.jar");
        assertThat(home).doesNotExist();
        assertThat(cli.done("plugins", "verify", jar.toString(), "--json").json())
                .containsEntry("state", "usable")
                .containsEntry("warnings", List.of());
    }

    @Test
    void verifyOfWhatCannotBeUsedFails() throws IOException {
        Path torn = Files.writeString(folder.resolve("torn.jar"), "half of it");
        Cli.Result refused = cli.run("plugins", "verify", torn.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains("refused", "it is no JAR", "copy it again");
        assertThat(cli.run("plugins", "verify", folder.resolve("none.jar").toString())
                        .exit())
                .isEqualTo(1);
        cli.run("plugins", "verify").refusedPlainly(2);
        cli.run("plugins", "dance").refusedPlainly(2);
    }

    @Test
    void reloadWithoutADaemonSaysWhatTheNextOneHas() throws IOException {
        drop();
        cli.done("add", "every 1h", "--name", "beat", "--prompt", "x");
        String out = cli.done("plugins", "reload").out();
        assertThat(out).contains("No daemon fires on this home", "provider pulse");
        assertThat(plugin(cli.done("plugins", "reload", "--json"), "pulse").get("state"))
                .isEqualTo("usable");
    }

    @Test
    void reloadCountsADaemonThatStandsStillAsOneThatDidNotLookAgain() throws IOException {
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.runtime().start();
            try (StoppedDaemon stopped = StoppedDaemon.of(home)) {
                Cli.Result reload = cli.run("plugins", "reload", "--json");
                assertThat(reload.exit()).isEqualTo(1);
                assertThat(reload.json())
                        .containsEntry("silent", List.of())
                        .containsEntry("stopped", List.of(stopped.node()));
                assertThat((List<?>) reload.json().get("nodes"))
                        .as("the other did")
                        .hasSize(1);
                assertThat(reload.err())
                        .contains("node " + stopped.node() + " is stopped and has what it had")
                        .contains("kill -CONT " + stopped.pid());
                health.runtime().stop();
                assertThat(cli.run("plugins", "reload").out()).doesNotContain("No daemon");
            }
        }
    }

    @Test
    void aJobsOwnRunMayNotLetADaemonLookAgain() throws IOException {
        drop();
        cli.variable("KAIROS_CRON_SESSION", "1").run("plugins", "reload").refusedPlainly(1);
    }

    @Test
    void providersNamesTheJarOfEach() throws IOException {
        Path jar = drop();
        assertThat(cli.done("providers").out()).contains("pulse", "builtin", "class path");
        assertThat(cli.done("providers", "--json").out()).contains(jar.toString());
    }

    @Test
    void aFolderOfTheConfigurationIsLookedAtToo() throws IOException {
        PulseJar.drop(folder.resolve("shared"), folder);
        Files.createDirectories(home);
        Files.writeString(home.resolve("config.yaml"), "plugins:\n  folders: [../shared, /nowhere/at-all]\n");
        String out = cli.done("plugins", "list").out();
        assertThat(out).contains("provider pulse", "/nowhere/at-all", "there is no such folder");
    }

    @Test
    void commandsThatNeedNoPlugInLookAtNone() throws IOException {
        drop();
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts/beat.sh"), "echo beat");
        cli.done("add", "every 1h", "--name", "beat", "--script", "beat.sh", "--no-agent");
        cli.done("list");
        cli.run("status");
        cli.done("show", "beat");
        cli.done("runs");
        assertThat(home.resolve("cron/plugins"))
                .as("where JARs are staged for loading")
                .doesNotExist();
    }
}
