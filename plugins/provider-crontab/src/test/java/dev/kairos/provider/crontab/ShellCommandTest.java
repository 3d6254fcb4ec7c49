package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines, run by a real shell. */
final class ShellCommandTest {
    @TempDir
    Path folder;

    private Path home;
    private Path program;

    @BeforeEach
    void aHomeWithAnAwkwardName() throws IOException {
        home = Files.createDirectories(folder.resolve("a b'c\"d%e$f\\\\g\\%h`i\u017c"));
        program = home.resolve("kairos program");
        Files.writeString(
                program,
                "#!/bin/sh\nprintf '%s\\n' \"$@\" \"$PWD\" \"$JAVA_HOME\" \"$PATH\" >>\"$0.ran\"\necho said\necho err >&2\n");
        program.toFile().setExecutable(true);
    }

    private ShellCommand commands(String path) {
        return new ShellCommand(
                new HomeCommand(job -> List.of(program.toString(), "fire", job, "--home", home.toString()), home),
                System.getProperty("java.home"),
                path);
    }

    @Test
    void everyWordReachesTheProgramAndWhatItSaysGoesToTheLog() throws Exception {
        assertThat(run(commands("/usr/bin:/bin").once("beat", 0))).isEqualTo("");
        assertThat(ran())
                .containsExactly(
                        "fire",
                        "beat",
                        "--home",
                        home.toString(),
                        home.toString(),
                        System.getProperty("java.home"),
                        "/usr/bin:/bin");
        assertThat(home.resolve("logs/crontab.log")).content().isEqualTo("said\nerr\n");
    }

    @Test
    void whereTheProgramOrTheHomeIsGoneNothingIsSaid() throws Exception {
        List<String> words = commands("/usr/bin:/bin").once("beat", 0);
        program.toFile().setExecutable(false);
        assertThat(run(words)).isEqualTo("");
        Files.delete(program);
        assertThat(run(words)).isEqualTo("");
        Files.delete(home);
        assertThat(run(words)).isEqualTo("");
    }

    @Test
    void aLogThatCannotBeWrittenStopsNoFire() throws Exception {
        Files.writeString(home.resolve("logs"), "a file where a folder should be");
        assertThat(run(commands("/usr/bin:/bin").once("beat", 0))).isEqualTo("");
        assertThat(ran()).contains("beat");
    }

    @Test
    void eachOfAMinutesInstantsHasItsOwnFireAtItsSecond() throws Exception {
        // 12:00:01 on a day whose second 0 is a multiple of 60; due at 5, 30 and 55 after the minute
        assertThat(sleeps("1800000001", 25, "1800000005")).containsExactly("29", "4", "54");
        assertThat(sleeps("1800000001", 25, "1799999980")).containsExactly("29", "4", "54");
        // started late: what has passed is fired at once
        assertThat(sleeps("1800000003", 30, "1800000000")).containsExactly("27", "at once");
        // 90 s: this minute has none, the next one has
        assertThat(sleeps("1800000000", 90, "1799999985")).containsExactly();
        assertThat(sleeps("1800000060", 90, "1799999985")).containsExactly("15");
    }

    private List<String> sleeps(String now, long period, String anchor) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path slept = folder.resolve("slept");
        Files.deleteIfExists(slept);
        script(bin.resolve("date"), "echo " + now);
        script(bin.resolve("sleep"), "echo $1 >'" + folder + "'/for-$PPID");
        Files.writeString(
                program,
                "#!/bin/sh\nf='" + folder + "'/for-$$\n{ [ -f $f ] && cat $f && rm $f || echo at once; } >>'" + slept
                        + "'\n");
        run(commands(bin + ":/usr/bin:/bin")
                .eachOfTheMinute(
                        "beat",
                        new Rule.EachMinute(
                                Instant.ofEpochSecond(Long.parseLong(anchor)), Duration.ofSeconds(period))));
        int expected = fires(now, period, anchor);
        await().atMost(Duration.ofSeconds(10)).until(() -> lines(slept).size() == expected);
        return lines(slept).stream().sorted().toList();
    }

    /** How many instants the minute has, counted one by one. */
    private static int fires(String now, long period, String anchor) {
        long minute = Long.parseLong(now) / 60 * 60;
        int count = 0;
        for (long at = minute; at < minute + 60; at++) {
            count += Math.floorMod(at - Long.parseLong(anchor), period) == 0 ? 1 : 0;
        }
        return count;
    }

    @Test
    void aPathWithALineBreakIsRefused() {
        home = Path.of("/tmp/a\nb");
        assertThatThrownBy(() -> commands("/bin").once("beat", 0))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("line break");
    }

    /** As cron does it: the percent signs unescaped, then its shell. */
    private String run(List<String> words) throws IOException, InterruptedException {
        String line =
                new String(ShellCommand.inCrontab(words).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(line.replace("\\%", "")).doesNotContain("%").doesNotContain("\n");
        Path said = folder.resolve("mail");
        Process process = new ProcessBuilder("/bin/sh", "-c", line.replace("\\%", "%"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }

    private List<String> ran() throws IOException {
        return Files.readAllLines(Path.of(program + ".ran"));
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        file.toFile().setExecutable(true);
    }
}
