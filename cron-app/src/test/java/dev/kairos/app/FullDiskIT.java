package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.app.terminal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose home lies on a disk that fills up. */
@Tag("root")
class FullDiskIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private SmallDisk disk;
    private ServedHome home;
    private final Map<String, Integer> explained = new TreeMap<>();
    private Map<String, Instant> first;

    @BeforeEach
    void aHomeOnASmallDisk() throws Exception {
        disk = SmallDisk.at(folder.resolve("disk"), "8m");
        home = new ServedHome(folder, folder.resolve("disk").resolve("home"));
        home.script("beat", "");
        home.script("talk", "echo something to keep");
        home.script("long", "sleep 1.5");
        home.importJobs(List.of(
                ServedHome.record("beat", "every 1s", "beat"),
                ServedHome.record("talk", "every 2s", "talk"),
                ServedHome.record("long", "every 1s", "long")));
    }

    @AfterEach
    void giveItBack() throws Exception {
        home.close();
        disk.close();
    }

    @Test
    void aFullDiskDoublesAndLosesNothingAndIsSaidAndIsGotOver() throws Exception {
        first = home.nextRuns();
        ServeProcess daemon = home.serve();
        await().atMost(LONG).until(() -> home.effects().size() > 4);
        Map<String, Object> jobs = jobsFile();
        Effect interrupted = awaitNew("long");

        disk.fill();
        int atTheFill = home.effects().size();
        // what the database has reserved may carry a few more
        await().atMost(LONG).during(Duration.ofSeconds(4)).until(home::effects, new Unchanged()::isSame);
        Instant stalled = home.effects().get(home.effects().size() - 1).scheduledAt();

        assertThat(daemon.isAlive()).isTrue();
        assertThat(home.cli().run("doctor").out()).contains("is full", "free some space");
        Cli.Result status = home.cli().run("status");
        assertThat(status.exit()).as(status.out()).isEqualTo(1);
        assertThat(status.out()).contains("not healthy", "the disk is full");
        assertThat(home.cli()
                        .run("edit", "beat", "--name", "drum")
                        .refusedPlainly(1)
                        .err())
                .contains("full and nothing was written");
        assertThat(jobsFile()).isEqualTo(jobs);

        disk.free();
        await().atMost(LONG)
                .until(() -> home.effects().stream()
                        .anyMatch(effect -> effect.scheduledAt().isAfter(stalled.plusSeconds(3))));
        home.cli().done("edit", "beat", "--name", "drum");
        await().atMost(LONG).until(() -> Files.readString(home.jobsFile()).contains("drum"));
        daemon.term();

        // the log lies on the same disk: it says what it could, and that it is over
        assertThat(home.log()).contains("works again");
        nothingIsDoubledOrLost("beat", 1);
        nothingIsDoubledOrLost("talk", 2);
        nothingIsDoubledOrLost("long", 1);
        assertThat(home.rows("long"))
                .as("what ran while the disk filled up is recorded when there is room")
                .filteredOn(row -> row.id().equals(interrupted.execution()))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo("ok"));
        assertThat(integrity()).isEqualTo("ok");
        System.out.printf(
                "FullDiskIT %d side effects, %d before the disk was full, not run: %s%n",
                home.effects().size(), atTheFill, explained);
    }

    private Effect awaitNew(String job) {
        int before = home.effects().size();
        await().atMost(LONG)
                .until(() -> home.effects().stream()
                        .skip(before)
                        .anyMatch(effect -> effect.job().equals(job)));
        return home.effects().stream()
                .skip(before)
                .filter(effect -> effect.job().equals(job))
                .findFirst()
                .orElseThrow();
    }

    private void nothingIsDoubledOrLost(String id, int seconds) {
        List<Effect> effects = home.effects().stream()
                .collect(Collectors.groupingBy(Effect::job))
                .get(id);
        Account.Occurrences due =
                new Account.Occurrences(first.get(id), home.nextRuns().get(id), Duration.ofSeconds(seconds));
        Account account = Account.atMostOnce(effects, home.rows(id), due);
        account.explained().forEach((why, count) -> explained.merge(why, count, Integer::sum));
        assertThat(account.violations()).as(id).isEmpty();
        assertThat(account.explained()).as("gaps of " + id).isNotEmpty();
    }

    private Map<String, Object> jobsFile() throws Exception {
        return Json.object("jobs.json", Files.readString(home.jobsFile()));
    }

    private String integrity() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.stateFile());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA integrity_check")) {
            return answer.getString(1);
        }
    }

    /** Whether a list is as long as when it was looked at before. */
    private static final class Unchanged {
        private int size = -1;

        boolean isSame(List<Effect> effects) {
            boolean isSame = effects.size() == size;
            size = effects.size();
            return isSame;
        }
    }
}
