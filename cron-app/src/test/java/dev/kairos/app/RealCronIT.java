package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution, Debian's cron and root's own crontab, which is given back as it was: no daemon of ours anywhere. */
@Tag("root")
class RealCronIT {
    private static final Duration LONG = Duration.ofSeconds(150);
    private static final String FOREIGN = "# mine\n5 5 * * * true\n";

    @TempDir
    Path folder;

    private Path home;
    private Path saved;
    private boolean hadOne;
    private Process cron;

    @BeforeEach
    void aHomeWithSpacesAndPercentSigns() throws Exception {
        saved = folder.resolve("saved");
        hadOne = run(List.of("/bin/sh", "-c", "crontab -l >'" + saved + "'")) == 0;
        Path foreign = Files.writeString(folder.resolve("foreign"), FOREIGN);
        assertThat(run(List.of("crontab", foreign.toString()))).isZero();
        home = folder.resolve("a 100% home");
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(
                home.resolve("scripts/beat.sh"), "echo \"$KAIROS_JOB_NAME\" >>'" + folder + "/effects'\necho done\n");
        Files.writeString(home.resolve("config.yaml"), "cron:\n  provider: crontab\n");
        cron = new ProcessBuilder("cron", "-f")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cron.log").toFile())
                .start(); // where one runs already, this one ends and that one serves
    }

    @AfterEach
    void theCrontabAsItWas() throws Exception {
        cron.destroy();
        cron.waitFor(10, TimeUnit.SECONDS);
        run(hadOne ? List.of("crontab", saved.toString()) : List.of("crontab", "-r"));
    }

    @Test
    void jobsRunAtTheirTimeAreRecordedAndArmedAnew() throws Exception {
        kairos("add", "* * * * *", "--no-agent", "--script=beat.sh", "--name=steady");
        kairos("add", "in 50s", "--no-agent", "--script=beat.sh", "--name=once");
        kairos("add", "every 61s", "--no-agent", "--script=beat.sh", "--name=moving");
        assertThat(table()).startsWith(FOREIGN + "# >>> kairos ");
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(effects()).contains("steady", "once", "moving"));
        assertThat(effects()).containsOnlyOnce("once");
        assertThat(said("runs", "once")).contains("ok");
        assertThat(said("status")).contains("crontab");
        kairos("provider", "switch", "builtin");
        assertThat(table()).isEqualTo(FOREIGN);
    }

    private List<String> effects() throws IOException {
        Path effects = folder.resolve("effects");
        return Files.exists(effects) ? Files.readAllLines(effects) : List.of();
    }

    private String table() throws Exception {
        Path file = folder.resolve("shown");
        run(List.of("/bin/sh", "-c", "crontab -l >'" + file + "'"));
        return Files.readString(file);
    }

    private void kairos(String... words) throws Exception {
        assertThat(run(command(words)))
                .as(Files.readString(folder.resolve("said")))
                .isZero();
    }

    private String said(String... words) throws Exception {
        run(command(words));
        return Files.readString(folder.resolve("said"));
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of("target", "kairos", "bin", "kairos").toAbsolutePath().toString(), "--home", home.toString()));
        command.addAll(List.of(words));
        return command;
    }

    private int run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as(command.toString())
                .isTrue();
        return process.exitValue();
    }
}
