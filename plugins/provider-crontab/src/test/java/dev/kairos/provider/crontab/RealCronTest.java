package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.schedule.Schedule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Debian's cron and its crontab program, with the table of a user that lives as long as the test. */
@Tag("root")
final class RealCronTest {
    private static final Duration LONG = Duration.ofSeconds(130);
    private static final String USER = "kairoscron";

    private Path folder;
    private Path home;
    private Path program;
    private Process cron;
    private StandInHost host;
    private CrontabScheduler provider;
    private ZoneId zone;

    @BeforeEach
    void aUserWithAnAwkwardHomeAndACron() throws Exception {
        folder = Files.createTempDirectory("kairos-cron");
        run("userdel", USER);
        run("useradd", "--no-create-home", "--home-dir", folder.toString(), "--shell", "/bin/sh", USER);
        home = Files.createDirectories(folder.resolve("a b'c\"d%e$f\\\\g\\%h\u017c"));
        program = home.resolve("kairos program");
        Files.writeString(
                program,
                "#!/bin/sh\necho \"$2 $(date +%s.%N)\" >>\"$0.fired\"\nprintf '%s\\n' \"$@\" >\"$0.words\"\necho said\n");
        program.toFile().setExecutable(true);
        Path crontab = folder.resolve("crontab");
        Files.writeString(crontab, "#!/bin/sh\nexec crontab -u " + USER + " \"$@\"\n");
        crontab.toFile().setExecutable(true);
        assertThat(run("chown", "-R", USER, folder.toString())).isZero();
        assertThat(run("chmod", "755", folder.toString())).isZero();
        host = new StandInHost(FastMachine.asItIs(), home);
        zone = CronZone.of(Path.of("/etc/localtime"), host.environment().zone());
        host.set("command", crontab.toString());
        host.set("timezone", zone.getId());
        host.fireBy(job -> List.of(program.toString(), "fire", job, "--home", home.toString()));
        provider = StandInHost.bound(host);
        cron = new ProcessBuilder("cron", "-f")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cron.log").toFile())
                .start(); // where one runs already, this one ends and that one serves
    }

    @AfterEach
    void nothingOfItIsLeft() throws Exception {
        cron.destroy();
        cron.waitFor(10, TimeUnit.SECONDS);
        run("crontab", "-u", USER, "-r");
        run("userdel", USER);
        new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }

    @Test
    void itsLinesFireAtTheirTimeAndForeignOnesGoOnAsTheyWere() throws Exception {
        byte[] foreign = ("# caf\u00e9\n* * * * * echo 50\\% >>'" + folder + "/foreign'\n\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        install(foreign);
        awaitAnotherSecond();
        Instant minute =
                Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
        Instant once = minute.plusSeconds(3);
        host.want("once", once.toString(), Schedule.once(once, zone));
        host.want("steady", minute.toString(), Schedule.cron("* * * * *", zone));
        host.want("often", minute.plusSeconds(5).toString(), Schedule.interval(Duration.ofSeconds(20), zone));
        provider.reconcile();
        assertThat(run("chown", "-R", USER, folder.toString())).isZero(); // the log is the user's own, elsewhere
        byte[] table = table();
        assertThat(new String(table, StandardCharsets.ISO_8859_1))
                .startsWith(new String(foreign, StandardCharsets.ISO_8859_1) + "# >>> kairos ");
        provider.reconcile();
        assertThat(table()).as("written once").isEqualTo(table);

        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> fired("often").size() >= 3 && !fired("once").isEmpty());
        assertThat(fired("once").get(0)).isBetween(once, once.plusSeconds(4));
        assertThat(fired("steady").get(0)).isBetween(minute, minute.plusSeconds(4));
        for (int i = 0; i < 3; i++) {
            Instant due = minute.plusSeconds(5 + 20L * i);
            assertThat(fired("often").get(i)).as("often %d", i).isBetween(due, due.plusSeconds(4));
        }
        assertThat(Files.readAllLines(Path.of(program + ".words"))).endsWith("--home", home.toString());
        assertThat(home.resolve("logs/crontab.log")).content().startsWith("said\n");
        assertThat(folder.resolve("foreign")).content().startsWith("50%\n");

        provider.disarm();
        assertThat(table()).isEqualTo(foreign);
    }

    /** Cron compares whole seconds: had it read the former table in this one, it would not read the next. */
    private static void awaitAnotherSecond() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        await().pollInterval(Duration.ofMillis(50)).until(() -> Instant.now().isAfter(now.plusSeconds(1)));
    }

    private List<Instant> fired(String job) throws IOException {
        Path file = Path.of(program + ".fired");
        return (Files.exists(file) ? Files.readAllLines(file) : List.<String>of())
                .stream()
                        .filter(line -> line.startsWith(job + " "))
                        .map(line -> line.split(" ")[1].split("\\."))
                        .map(time -> Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1])))
                        .toList();
    }

    private void install(byte[] text) throws Exception {
        Path file = Files.write(folder.resolve("foreign-table"), text);
        assertThat(run("crontab", "-u", USER, file.toString())).isZero();
    }

    private byte[] table() throws Exception {
        Path file = folder.resolve("shown");
        Process shown = new ProcessBuilder("crontab", "-u", USER, "-l")
                .redirectOutput(file.toFile())
                .start();
        assertThat(shown.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readAllBytes(file);
    }

    private int run(String... words) throws Exception {
        Path out = Optional.ofNullable(folder).orElse(Path.of("/tmp")).resolve("said");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS))
                .as(List.of(words).toString())
                .isTrue();
        return process.exitValue();
    }
}
