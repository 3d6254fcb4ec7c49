package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes whose state.db or jobs.json was restored from a backup, copied, edited by hand or lost, on SQLite. */
class RestoredStateTest {
    @TempDir
    Path folder;

    private ServedHome home;

    @BeforeEach
    void aHomeWithAJobThatIsDue() throws IOException {
        home = new ServedHome(folder);
        home.script("beat", "");
        home.importJobs(List.of(overdue("beat", Duration.ofSeconds(30))));
    }

    private static Map<String, Object> overdue(String id, Duration by) {
        Map<String, Object> job = ServedHome.record(id, "every 30d", "beat");
        job.put("next_run", new SystemEnvironment().now().minus(by).toString());
        return job;
    }

    private void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> tick() {
        return home.cli().done("tick").lines();
    }

    private List<Path> conflictCopies() throws IOException {
        try (Stream<Path> files = Files.list(home.home().resolve("cron"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("jobs.json.conflict-"))
                    .toList();
        }
    }

    @Test
    void aStoreRestoredFromABackupIsADowntimeAndThePromiseBeginsAnewThere() throws IOException {
        Path backup = folder.resolve("state.db.backup");
        copy(home.stateFile(), backup);
        tick();
        assertThat(home.effects()).hasSize(1);
        home.cli().done("edit", "beat", "--name", "drum");
        home.cli().done("add", "every 2h", "--script", "beat", "--no-agent", "--name", "later");

        copy(backup, home.stateFile());

        assertThat(home.cli().done("list").out()).contains("beat").doesNotContain("drum", "later");
        assertThat(conflictCopies())
                .singleElement()
                .satisfies(copy -> assertThat(copy).content().contains("drum", "later"));
        assertThat(home.cli().run("doctor").out()).contains("conflict");
        tick();
        assertThat(home.effects())
                .as("what ran after the backup was made is missed again")
                .hasSize(2);
        assertThat(home.effects().get(1).scheduledAt())
                .isEqualTo(home.effects().get(0).scheduledAt());
        tick();
        assertThat(home.effects()).hasSize(2);
    }

    @Test
    void aJobsFileRestoredFromABackupUndoesNothingAndIsWrittenAnew() throws IOException {
        Path backup = folder.resolve("jobs.json.backup");
        copy(home.jobsFile(), backup);
        tick();
        home.cli().done("edit", "beat", "--name", "drum");

        copy(backup, home.jobsFile());

        assertThat(home.cli().done("list").out()).contains("drum");
        assertThat(home.jobsFile()).content().contains("drum");
        tick();
        assertThat(home.effects()).as("its old next_run counts for nothing").hasSize(1);
    }

    @Test
    void aLostStoreRunsNothingAgainAndPausesOneShots() throws IOException {
        String soon = new SystemEnvironment().now().plusSeconds(3_600).toString();
        home.cli().done("add", soon, "--script", "beat", "--no-agent", "--name", "once");
        assertThat(home.jobsFile()).content().contains("once");
        Files.delete(home.stateFile());

        tick();

        assertThat(home.effects())
                .as("nobody knows whether what was due has run")
                .isEmpty();
        assertThat(home.rows("beat")).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo("skipped");
            assertThat(row.reason()).isEqualTo("state_lost");
        });
        assertThat(home.cli().done("show", "once").out()).contains("paused", "state_lost");
        assertThat(home.nextRuns().get("beat")).isAfter(new SystemEnvironment().now());
    }

    @Test
    void aLostJobsFileRemovesNothingAndIsWrittenAgain() throws IOException {
        Files.delete(home.jobsFile());

        tick();

        assertThat(home.effects()).hasSize(1);
        assertThat(home.jobsFile()).content().contains("\"beat\"");
    }

    @Test
    void aScheduleEditedByHandWhileNothingRanCountsFromNowAndTheMissedIsSaid() throws IOException {
        Instant missed = home.nextRuns().get("beat");
        String text = Files.readString(home.jobsFile());
        String edited = text.replace(Long.toString(Duration.ofDays(30).toSeconds()), "7200");
        assertThat(edited).isNotEqualTo(text);
        Files.writeString(home.jobsFile(), edited);

        tick();

        assertThat(home.effects()).as("the old schedule is gone").isEmpty();
        assertThat(home.rows("beat")).singleElement().satisfies(row -> {
            assertThat(row.scheduledAt()).isEqualTo(missed);
            assertThat(row.status()).isEqualTo("skipped");
            assertThat(row.reason()).isEqualTo("edited");
        });
        assertThat(home.nextRuns().get("beat")).isBetween(missed, missed.plus(Duration.ofHours(3)));
    }

    @Test
    void aCopiedHomeRunsNothingThatItsOriginalHadRecorded() throws IOException {
        tick();
        Path copied = folder.resolve("copied");
        try (Stream<Path> files = Files.walk(home.home())) {
            for (Path file : files.toList()) {
                Files.copy(file, copied.resolve(home.home().relativize(file)));
            }
        }

        Cli there = Cli.at(copied);
        there.done("tick");

        assertThat(home.effects()).hasSize(1);
        assertThat(Row.all(there.done("runs", "beat", "--json")))
                .singleElement()
                .satisfies(row -> assertThat(row.is("ok")).isTrue());
    }
}
