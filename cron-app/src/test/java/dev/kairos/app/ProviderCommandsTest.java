package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands beside a provider whose triggers outlive every process. */
class ProviderCommandsTest {
    @TempDir
    Path folder;

    private Path home;
    private Path registry;
    private Cli cli;

    @BeforeEach
    void aHomeWithAProviderFromOutside() throws IOException {
        home = folder.resolve("home");
        registry = folder.resolve("armed");
        cli = Cli.at(home);
        OutsideJar.drop(home.resolve("plugins"));
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts/beat.sh"), "echo hello\n");
        config("cron:\n  # the trigger\n  provider: outside   # ours\n  outside:\n    file: " + registry + "\n");
    }

    private void config(String text) throws IOException {
        Files.writeString(home.resolve("config.yaml"), text);
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private String add(String schedule) {
        Object job = cli.done("add", schedule, "--json", "--no-agent", "--script=beat.sh", "--name=beat")
                .json()
                .get("job");
        return String.valueOf(((Map<?, ?>) job).get("id"));
    }

    @Test
    void aChangeIsRegisteredAfterTheAnswerWithoutAStart() throws IOException {
        String id = add("every 2h");
        assertThat(Files.readString(registry)).startsWith(id + " ").hasLineCount(1);
        cli.done("pause", "beat");
        assertThat(Files.readString(registry)).isEmpty();
        Cli.Result resumed = cli.done("resume", "beat");
        assertThat(Files.readString(registry)).startsWith(id);
        assertThat(resumed.out()).as("it fires without a daemon").doesNotContain("Nothing fires here");
        cli.done("edit", "beat", "--schedule", "every 3h");
        cli.done("tick");
        assertThat(cli.run("fire", "beat").exit())
                .as("a trigger that was spent is armed anew")
                .isEqualTo(4);
        assertThat(calls()).hasSize(6).containsOnly("reconcile");
        cli.done("list");
        cli.done("show", "beat");
        assertThat(calls()).as("who only looks registers nothing").hasSize(6);
        cli.done("remove", "beat");
        assertThat(Files.readString(registry)).isEmpty();
    }

    @Test
    void aChangeIsRegisteredAlsoWhereTheOnlyDaemonStandsStill() throws IOException {
        try (StoppedDaemon stopped = StoppedDaemon.of(home)) {
            String id = add("every 2h");
            assertThat(Files.readString(registry)).startsWith(id);
            assertThat(cli.run("status").out()).contains(stopped.node());
        }
    }

    @Test
    void aRegistrationThatFailsIsSaidAndHealedAndTheExitCodeIsTheCommands() throws IOException {
        Files.writeString(folder.resolve("refused"), "");
        Cli.Result added = cli.run("add", "every 2h", "--no-agent", "--script=beat.sh", "--name=beat");
        assertThat(added.exit()).isZero();
        assertThat(added.err())
                .contains("saved, not registered yet", "portal refused", "it is tried again", "kairos tick");
        assertThat(cli.run("status").exit()).isEqualTo(1);
        assertThat(cli.run("doctor").out()).contains("has not armed what it should");
        Files.delete(folder.resolve("refused"));
        cli.done("tick");
        assertThat(registry).isNotEmptyFile();
        Cli.Result status = cli.done("status", "--json");
        assertThat(status.json())
                .containsEntry("healthy", true)
                .containsEntry("provider", "outside")
                .containsEntry("armed_triggers", 1)
                .containsEntry("desired_triggers", 1);
        assertThat(cli.done("status").out()).contains("provider outside fires from outside", "1 triggers armed");
    }

    @Test
    void aFireOfWakeIsATick() throws IOException {
        String id = add("every 1s");
        Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        Cli.Result fired = cli.done("fire", "_wake", "--json");
        assertThat((List<?>) fired.json().get("fired")).hasSize(1);
        assertThat(cli.done("runs", id, "--json").out()).contains("\"ok\"");
        assertThat(Cli.at(folder.resolve("none")).run("fire", "_wake").exit()).isEqualTo(3);
    }

    @Test
    void aSwitchWithoutADaemonWritesTheOneLineAndTakesBackWhatWasArmed() throws IOException {
        add("every 2h");
        Path file = home.resolve("config.yaml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        String before = Files.readString(file);

        Cli.Result switched = cli.done("provider", "switch", "builtin");

        assertThat(switched.out()).contains("cron.provider is builtin now, before outside");
        assertThat(Files.readString(file)).isEqualTo(before.replace("provider: outside ", "provider: builtin "));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(registry).doesNotExist();
        assertThat(calls()).endsWith("disarm");

        cli.done("provider", "switch", "outside", "--json");
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(registry).isNotEmptyFile();
    }

    @Test
    void aSwitchToWhatIsNotAvailableOrIsOverruledIsRefusedAndNothingChanges() throws IOException {
        add("every 2h");
        String before = Files.readString(home.resolve("config.yaml"));
        assertThat(cli.run("provider", "switch", "nobody").refusedPlainly(1).err())
                .contains("no provider has this name");
        assertThat(Cli.at(home)
                        .variable("KAIROS_CRON_PROVIDER", "outside")
                        .run("provider", "switch", "builtin")
                        .refusedPlainly(1)
                        .err())
                .contains("KAIROS_CRON_PROVIDER");
        cli.run("provider", "turn", "builtin").refusedPlainly(2);
        assertThat(Files.readString(home.resolve("config.yaml"))).isEqualTo(before);
    }

    @Test
    void aSwitchIsRefusedAtOnceWhereADaemonStandsStillAndWouldGoOnWithTheFormerOne() throws IOException {
        add("every 2h");
        String before = Files.readString(home.resolve("config.yaml"));
        try (StoppedDaemon stopped = StoppedDaemon.of(home)) {
            assertThat(cli.run("provider", "switch", "builtin")
                            .refusedPlainly(1)
                            .err())
                    .contains("the provider stays as it is: node " + stopped.node() + " is stopped")
                    .contains("kill -CONT " + stopped.pid(), "then: kairos provider switch builtin");
        }
        assertThat(Files.readString(home.resolve("config.yaml"))).isEqualTo(before);
        assertThat(registry).isNotEmptyFile();
        cli.done("provider", "switch", "builtin");
    }

    @Test
    void aLiveDaemonHandsOverAndRegistersWhatCommandsChange() throws Exception {
        config("cron:\n  provider: builtin\n  outside:\n    file: " + registry + "\n");
        String id = add("every 2h");
        try (CronRuntime daemon = CronRuntime.builder()
                .home(home)
                .variables(Map.of("PATH", System.getenv("PATH")))
                .build()) {
            daemon.start();
            Awaitility.await().until(() -> daemon.status().provider().state().equals("armed"));
            Files.writeString(folder.resolve("unavailable"), "");
            assertThat(cli.run("provider", "switch", "outside")
                            .refusedPlainly(1)
                            .err())
                    .contains("not available");
            assertThat(daemon.status().provider().name()).isEqualTo("builtin");
            assertThat(Files.readString(home.resolve("config.yaml"))).contains("provider: builtin");
            Files.delete(folder.resolve("unavailable"));

            assertThat(cli.done("provider", "switch", "outside").out()).contains("builtin -> outside");

            assertThat(Files.readString(home.resolve("config.yaml"))).contains("provider: outside");
            Awaitility.await()
                    .until(() ->
                            Files.exists(registry) && Files.readString(registry).startsWith(id));
            int before = calls().size();
            cli.done("pause", "beat");
            Awaitility.await().until(() -> Files.readString(registry).isEmpty());
            assertThat(calls().subList(before, calls().size()))
                    .as("the daemon's alone")
                    .hasSize(1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(cli.done("status").out()).contains("provider outside (armed)"));
            assertThat(cli.done("provider", "switch", "builtin").out()).contains("outside -> builtin");
            assertThat(registry).doesNotExist();
        }
    }
}
