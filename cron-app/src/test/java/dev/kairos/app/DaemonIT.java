package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process of its own, ended kindly and unkindly. */
class DaemonIT {
    private static final int KILLS = Boolean.getBoolean("kairos.soak") ? 10 : 3;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path home;
    private Path beats;
    private Cli cli;

    @BeforeEach
    void aBeatEverySecond() throws IOException {
        home = folder.resolve("home");
        beats = home.resolve("beats");
        cli = Cli.at(home);
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(
                home.resolve("scripts").resolve("beat.sh"), "echo \"$KAIROS_SCHEDULED_AT\" >> '" + beats + "'\n");
        cli.done("add", "every 2s", "--script", "beat.sh", "--no-agent", "--name", "beat");
    }

    @AfterEach
    void endWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    private Process serve() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.kairos.app.Kairos",
                "serve",
                "--home",
                home.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("KAIROS_"));
        File log = folder.resolve("serve.log").toFile();
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        started.add(process);
        return process;
    }

    private List<String> beats() throws IOException {
        return Files.exists(beats) ? Files.readAllLines(beats) : List.of();
    }

    @Test
    void killedAgainAndAgainNoOccurrenceRunsTwiceAndEveryGapIsExplained() throws Exception {
        long seed = Long.getLong("kairos.seed", 20261120L);
        System.out.println("DaemonIT seed " + seed);
        Random random = new Random(seed);
        try (ServedHome killed = new ServedHome(folder, folder.resolve("killed"))) {
            killed.script("beat", "");
            killed.cli().done("add", "every 2s", "--script", "beat", "--no-agent", "--name", "beat");
            String id = killed.nextRuns().keySet().iterator().next();
            Instant first = killed.nextRuns().get(id);
            for (int i = 0; i < KILLS; i++) {
                int before = killed.effects().size();
                ServeProcess daemon = killed.serve();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> killed.effects().size() > before);
                daemon.runFor(random.nextInt(1_500));
                daemon.kill();
            }
            int before = killed.effects().size();
            ServeProcess daemon = killed.serve();
            await().atMost(Duration.ofSeconds(60)).until(() -> killed.effects().size() > before + 1);
            daemon.askToEnd();
            daemon.awaitCleanEnd();

            Account.Occurrences due =
                    new Account.Occurrences(first, killed.nextRuns().get(id), Duration.ofSeconds(2));
            Account account = Account.atMostOnce(killed.effects(), killed.rows(id), due);
            assertThat(account.violations()).as("seed %d", seed).isEmpty();
            assertThat(account.occurrences()).isGreaterThan(KILLS);
        }
    }

    @Test
    void everyCommandWorksBesideTheDaemonAndATermEndsItCleanly() throws Exception {
        Process daemon = serve();
        await().atMost(Duration.ofSeconds(60)).until(() -> !beats().isEmpty());

        assertThat(cli.done("list").out()).doesNotContain("Nothing fires here");
        assertThat(cli.done("status").out()).contains("healthy", "builtin");
        cli.done("add", "every 2h", "--script", "beat.sh", "--no-agent", "--name", "hand");
        assertThat(cli.done("run", "hand", "--wait", "--json").json()).containsEntry("here", false);
        cli.done("add", "1s", "--script", "beat.sh", "--no-agent", "--name", "once");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> cli.done("runs", "once", "--json").out().contains("\"ok\""));
        cli.done("pause", "beat");
        cli.done("remove", "beat");

        daemon.destroy();
        assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("serve.log"))).contains("Ready: node", "Stopped.");
        assertThat(cli.run("status").exit()).isEqualTo(1);
    }

    @Test
    void aDaemonThatStandsStillIsSeenAtOnceAndGoesOnWhenItMay() throws Exception {
        try (ServeProcess daemon = ServeProcess.on(home, folder.resolve("frozen.log"))) {
            await().atMost(Duration.ofSeconds(60)).until(daemon::isReady);
            cli.done("status");
            daemon.freeze();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cli.run("status").out().contains("stopped"));
            assertThat(cli.run("status").exit()).isEqualTo(1);
            assertThat(cli.run("doctor").out()).contains("is stopped", "kill -CONT " + daemon.pid());
            daemon.thaw();
            await().atMost(Duration.ofSeconds(30)).until(() -> cli.run("status").exit() == 0);
            daemon.term();
        }
    }
}
