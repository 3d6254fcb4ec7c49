package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User timers, on a stand-in for systemctl that records what it is asked. */
final class SystemdTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @TempDir
    Path folder;

    private Path units;
    private StandInHost host;
    private CrontabScheduler provider;
    private String prefix;

    @BeforeEach
    void aUserWithSystemd() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        units = folder.resolve("units");
        Path systemctl = folder.resolve("systemctl");
        Files.writeString(
                systemctl,
                String.join(
                        "\n",
                        "#!/bin/sh",
                        "echo \"$*\" >>'" + folder + "/asked'",
                        "shift",
                        "verb=$1; shift",
                        "wants='" + units + "/timers.target.wants'; mkdir -p \"$wants\"",
                        "for unit; do case $verb in",
                        "enable) ln -sf ../$unit \"$wants/$unit\" ;;",
                        "disable) rm -f \"$wants/$unit\" '" + folder + "/active-'$unit ;;",
                        "restart) : >'" + folder + "/active-'$unit ;;",
                        "is-active) [ -f '" + folder + "/active-'$unit ] && echo active || echo inactive ;;",
                        "esac; done",
                        ""));
        systemctl.toFile().setExecutable(true);
        host = new StandInHost("2026-11-22T09:00:20Z", home);
        host.set("mode", "systemd");
        host.set("command", systemctl.toString());
        host.set("units", units.toString());
        provider = StandInHost.bound(host);
        prefix = Units.prefix(HomeCommand.of(host));
    }

    @Test
    void aJobHasATimerInItsZoneAndAServiceThatFires() throws IOException {
        host.want("nine", "2026-11-23T14:00:00Z", Schedule.cron("0 9 * * MON-FRI", ZoneId.of("America/New_York")));
        provider.reconcile();
        assertThat(unit("nine.timer"))
                .startsWith(
                        "# Managed by Kairos: edits are overwritten. To remove it: kairos provider switch builtin\n")
                .endsWith("""
                        [Timer]
                        OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00 America/New_York
                        Persistent=true
                        AccuracySec=1s

                        [Install]
                        WantedBy=timers.target
                        """);
        assertThat(unit("nine.service"))
                .contains("[Service]\nType=oneshot\nKillMode=process\nExecStart=\"/bin/sh\" \"-c\" ")
                .contains("[ -x \\\"$$3\\\" ]")
                .endsWith(
                        "\"/opt/kairos/bin/kairos\" \"fire\" \"nine\" \"--home\" \"" + folder.resolve("home") + "\"\n");
        assertThat(asked())
                .contains("--user daemon-reload")
                .anyMatch(line -> line.startsWith("--user enable ") && line.contains(prefix + "nine.timer"))
                .anyMatch(line -> line.startsWith("--user restart ") && line.contains(prefix + "nine.timer"));
    }

    @Test
    void everyKindOfScheduleHasItsCalendar() throws IOException {
        assertThat(calendar(Schedule.cron("30 5 1,15 * SUN", WARSAW), "2026-12-01T04:30:00Z"))
                .containsExactly("*-*-01,15 05:30:00 Europe/Warsaw", "Sun *-*-* 05:30:00 Europe/Warsaw");
        assertThat(calendar(Schedule.cron("*/20 * * 1-3 *", WARSAW), "2027-01-01T00:00:00Z"))
                .containsExactly("*-01,02,03-* *:00,20,40:00 Europe/Warsaw");
        assertThat(calendar(Schedule.cron("0 0 L * *", WARSAW), "2026-11-29T23:00:00Z"))
                .containsExactly("2026-11-29 23:00:00 UTC");
        assertThat(calendar(Schedule.once(Instant.parse("2027-01-15T09:00:07Z"), WARSAW), "2027-01-15T09:00:07Z"))
                .containsExactly("2027-01-15 09:00:07 UTC");
        assertThat(calendar(Schedule.interval(Duration.ofMinutes(20), WARSAW), "2026-11-22T09:07:42Z"))
                .containsExactly("*-*-* *:07,27,47:42 UTC");
        assertThat(calendar(Schedule.interval(Duration.ofSeconds(20), WARSAW), "2026-11-22T09:07:42Z"))
                .containsExactly("*-*-* *:*:00 UTC");
        assertThat(unit("job.service")).contains("%%20").doesNotContain(")%20");
        assertThat(calendar(Schedule.interval(Duration.ofHours(5), WARSAW), "2026-11-22T11:07:42Z"))
                .containsExactly("2026-11-22 11:07:42 UTC");
    }

    @Test
    void theHomeIsWokenAfterAStartHourlyAtItsInstantAndForWhatIsOverdue() throws IOException {
        host.want("_wake", "2026-11-22T09:03:12Z");
        provider.reconcile();
        assertThat(calendarOf("_wake.timer"))
                .hasSize(2)
                .anyMatch(line -> line.matches("\\*-\\*-\\* \\*:\\d\\d:00 UTC"))
                .contains("2026-11-22 09:03:12 UTC");
        assertThat(unit("_wake.timer")).contains("\nOnStartupSec=30s\n");
        host.want("_wake", "2026-11-22T08:03:12Z");
        provider.reconcile();
        assertThat(calendarOf("_wake.timer")).contains("2026-11-22 09:01:00 UTC");
        host.advance(Duration.ofMinutes(1));
        provider.reconcile();
        assertThat(calendarOf("_wake.timer")).contains("2026-11-22 09:02:00 UTC");
    }

    @Test
    void nothingIsWrittenAgainAndWhatWentIsDisabledFirst() throws IOException {
        host.want("nine", "2026-11-23T08:00:00Z", Schedule.cron("0 9 * * *", WARSAW));
        host.want("ten", "2026-11-23T09:00:00Z", Schedule.cron("0 10 * * *", WARSAW));
        provider.reconcile();
        Files.delete(folder.resolve("asked"));
        provider.reconcile();
        assertThat(asked()).allMatch(line -> line.startsWith("--user is-active "));
        host.wantNoMore("ten");
        provider.reconcile();
        assertThat(asked()).containsSequence("--user disable --now " + prefix + "ten.timer", "--user daemon-reload");
        assertThat(names()).noneMatch(name -> name.contains("ten"));
        Files.delete(folder.resolve("active-" + prefix + "nine.timer"));
        Files.writeString(units.resolve(prefix + "nine.service"), "edited by hand");
        provider.reconcile();
        assertThat(asked()).contains("--user restart " + prefix + "nine.timer");
        assertThat(unit("nine.service")).contains("fire");
    }

    @Test
    void whatIsTakenBackLeavesForeignUnitsAlone() throws IOException {
        Files.createDirectories(units);
        Files.writeString(units.resolve("kairos-ffffffffffff-nine.timer"), "another home's");
        Files.writeString(units.resolve("mine.timer"), "mine");
        host.want("nine", "2026-11-23T08:00:00Z", Schedule.cron("0 9 * * *", WARSAW));
        provider.reconcile();
        provider.disarm();
        assertThat(names()).containsExactly("kairos-ffffffffffff-nine.timer", "mine.timer");
    }

    @Test
    void aSystemdThatDoesNotAnswerIsSaidWithWhatToDo() throws IOException {
        Path systemctl = folder.resolve("systemctl");
        Files.writeString(systemctl, "#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n");
        assertThatThrownBy(provider::reconcile)
                .hasMessageContainingAll("No medium found", "loginctl enable-linger", "cron.crontab.mode: crontab");
        assertThat(provider.health().detail()).contains("No medium found");
    }

    @Test
    @Tag("root")
    void systemdItselfUnderstandsEachFileAndReadsTheSameInstants() throws Exception {
        host.want("either", "2026-12-01T04:30:00Z", Schedule.cron("30 5 1,15 * SUN", WARSAW));
        host.want("often", "2026-11-22T09:07:42Z", Schedule.interval(Duration.ofSeconds(20), WARSAW));
        host.want("_wake", "2026-11-22T09:03:12Z");
        host.fireBy(job -> List.of(
                "/bin/echo",
                "fire",
                job,
                "--home",
                folder.resolve("a b'c\"d%e$f").toString()));
        provider.reconcile();
        try (Stream<Path> files = Files.list(units)) {
            List<String> all = files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .sorted()
                    .toList();
            assertThat(all).hasSize(6);
            for (String file : all) {
                assertThat(run(Stream.of("systemd-analyze", "verify", "--man=no", file)
                                .toList()))
                        .as(file)
                        .doesNotContain(units.toString())
                        .doesNotContain("either.")
                        .doesNotContain("often.");
            }
        }
        assertThat(run(List.of(
                        "systemd-analyze",
                        "calendar",
                        "--base-time=2026-11-22 09:00:20 UTC",
                        "--iterations=2",
                        "Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00 America/New_York")))
                .contains("elapse: Mon 2026-11-23 14:00:00 UTC", "#2: Tue 2026-11-24 14:00:00 UTC");
    }

    private List<String> calendar(Schedule schedule, String due) throws IOException {
        host.want("job", due, schedule);
        provider.reconcile();
        assertThat(provider.health().detail()).isEmpty();
        return calendarOf("job.timer");
    }

    private List<String> calendarOf(String name) throws IOException {
        return unit(name)
                .lines()
                .filter(line -> line.startsWith("OnCalendar="))
                .map(line -> line.substring("OnCalendar=".length()))
                .toList();
    }

    private String unit(String name) throws IOException {
        return Files.readString(units.resolve(prefix + name));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(units)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private List<String> asked() throws IOException {
        Path asked = folder.resolve("asked");
        return Optional.of(asked).filter(Files::exists).isPresent() ? Files.readAllLines(asked) : List.of();
    }

    private String run(List<String> command) throws Exception {
        Path out = folder.resolve("analyzed");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }
}
