package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a home without a daemon, whose trigger is the user's crontab; a script stands in for the crontab program. */
class CrontabCommandsTest {
    private static final String FOREIGN = "# mine\n5 5 * * * mine\n";

    @TempDir
    Path folder;

    private Path table;
    private Path home;
    private Cli cli;

    @BeforeEach
    void aHomeThatFiresByTheCrontab() throws IOException {
        System.setProperty("kairos.launcher", "/opt/kairos/bin/kairos");
        table = folder.resolve("table");
        Files.writeString(table, FOREIGN);
        Path program = folder.resolve("crontab");
        Files.writeString(
                program,
                "#!/bin/sh\ncase $1 in -l) cat '" + table + "' ;; -) cat >'" + table + ".new' && mv '" + table
                        + ".new' '" + table + "' ;; esac\n");
        program.toFile().setExecutable(true);
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(
                home.resolve("scripts/beat.sh"),
                "for i in 1 2 3 4 5 6 7 8 9; do grep -q '# job ' '" + table + "' || break; sleep 1; done\n" + "cat '"
                        + table + "' >'" + folder + "/seen'\n");
        Files.writeString(
                home.resolve("config.yaml"),
                "cron:\n  provider: crontab\n  timezone: UTC\n  crontab:\n    timezone: UTC\n    command: " + program
                        + "\n");
        cli = Cli.at(home);
    }

    @AfterEach
    void noLauncherAsBefore() {
        System.clearProperty("kairos.launcher");
    }

    private List<String> lines(String name) throws IOException {
        String id = cli.done("show", name, "--json").out().replaceAll("(?s).*?\"id\"\\s*:\\s*\"(\\w+)\".*", "$1");
        return Files.readAllLines(table).stream()
                .filter(line -> line.endsWith("/opt/kairos/bin/kairos --home " + home + " fire " + id))
                .map(line -> line.replaceFirst(" /bin/sh .*", ""))
                .toList();
    }

    private void add(String schedule, String name) {
        cli.done("add", schedule, "--no-agent", "--script=beat.sh", "--name=" + name);
    }

    @Test
    void everyCommandThatMovesAnInstantKeepsTheBlock() throws IOException {
        add("0 9 * * MON-FRI", "nine");
        assertThat(Files.readString(table)).startsWith(FOREIGN + "# >>> kairos ");
        assertThat(lines("nine")).containsExactly("0 9 * * 1-5");
        add("2030-01-15T09:00:00Z", "once");
        assertThat(lines("once")).containsExactly("0 9 15 1 *");
        cli.done("edit", "nine", "--schedule", "30 8 * * *");
        assertThat(lines("nine")).containsExactly("30 8 * * *");
        Files.writeString(table, Files.readString(table).replace("\n30 8 * * *", "\n* * * * *"));
        cli.done("pause", "once");
        assertThat(lines("nine")).as("edited by hand").containsExactly("30 8 * * *");
        assertThat(lines("once")).isEmpty();
        assertThat(cli.run("status").out()).contains("provider crontab fires from outside");
        cli.done("remove", "nine");
        assertThat(Files.readString(table)).startsWith(FOREIGN).doesNotContain("30 8 * * *");
    }

    @Test
    void aJobThatCronIsTooSlowForIsSaidWhereverAPersonLooks() {
        Cli.Result added = cli.done("add", "every 2s", "--no-agent", "--script=beat.sh", "--name=beat");
        assertThat(added.err()).contains("saved, but provider crontab", "every 2 s is too often", "builtin");
        Cli.Result status = cli.run("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.out()).contains("not healthy", "every 2 s is too often");
        assertThat(cli.run("doctor").out()).contains("every 2 s is too often");
        cli.done("remove", "beat");
        assertThat(cli.done("status").out()).doesNotContain("too often");
    }

    @Test
    void aCrontabProgramThatIsGoneIsSaidWhereverAPersonLooks() throws IOException {
        add("0 9 * * *", "nine");
        Files.delete(folder.resolve("crontab"));
        assertThat(cli.run("status").out()).contains("no daemon lives here", "there is no program " + folder);
        assertThat(cli.run("doctor").out()).contains("there is no program " + folder, "provider switch builtin");
    }

    @Test
    void theBlockFollowsAClaimWhileItsRunGoesOn() throws IOException {
        add("in 1s", "beat");
        await().until(() -> cli.run("fire", "beat").exit() == 0);
        assertThat(Files.readString(folder.resolve("seen")))
                .as("what its own run saw")
                .doesNotContain("# job ");
    }

    @Test
    void aSwitchToAnotherProviderTakesTheBlockAway() throws IOException {
        add("0 9 * * *", "nine");
        assertThat(lines("nine")).hasSize(1);
        cli.done("provider", "switch", "builtin");
        assertThat(table).content().isEqualTo(FOREIGN);
        cli.done("provider", "switch", "crontab");
        assertThat(lines("nine")).hasSize(1);
    }

    @Test
    void withoutALauncherItSaysWhyItIsNotUsed() throws IOException {
        System.clearProperty("kairos.launcher");
        Cli.Result added = cli.done("add", "0 9 * * *", "--no-agent", "--script=beat.sh", "--name=nine");
        assertThat(added.err()).contains("not registered yet", "no command fires a job of this host");
        assertThat(table).content().isEqualTo(FOREIGN);
    }
}
