package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.output.OutputFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFilesTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00Z");
    private static final Job JOB = new Job(
            "job_abc123",
            JobDefinition.builder()
                    .set(JobField.NAME, "nightly")
                    .set(JobField.SCHEDULE, Schedule.interval(Duration.ofHours(1), ZoneId.of("Europe/Warsaw")))
                    .set(JobField.SCRIPT, "backup.sh")
                    .set(JobField.NO_AGENT, true)
                    .build(),
            1,
            EngineState.fresh());

    @TempDir
    Path home;

    private final ManualEnvironment environment = new ManualEnvironment(START.plusSeconds(5));
    private OutputFiles outputs;

    @BeforeEach
    void open() {
        outputs = new OutputFiles(environment, home);
    }

    private static Execution row(String id, Instant started) {
        return Execution.builder(id, JOB.id(), START)
                .status(ExecutionStatus.OK)
                .startedAt(started)
                .build();
    }

    private String save(String message) throws IOException {
        return outputs.save(JOB, row("e1", START), RunResult.ok(message));
    }

    @Test
    void aPageTellsPeopleWhatRanAndWhatCameOfIt() throws IOException {
        String relative = outputs.save(
                JOB, row("0123456789abcdef", START), RunResult.failed(FailureKind.TRANSIENT, "exit code 3", "partial"));
        assertThat(relative).isEqualTo("job_abc123/2027-01-15_08-00-00-0123456789abcdef.md");
        assertThat(outputs.readWhole(relative))
                .hasValueSatisfying(page -> assertThat(page).startsWith("""
                                # nightly

                                - job: job_abc123
                                - execution: 0123456789abcdef (schedule, attempt 1)
                                - schedule: every 1h (Europe/Warsaw)
                                - scheduled at: 2027-01-15T08:00:00Z
                                - started at: 2027-01-15T08:00:00Z
                                - ended at: 2027-01-15T08:00:05Z (after 5.000 s)
                                - outcome: error

                                ## Script

                                backup.sh

                                ## Error

                                exit code 3

                                ## Message

                                <!-- kairos: message, bytes=7 -->
                                partial
                                <!-- kairos: end of message, bytes=7 sha256="""));
        assertThat(outputs.readMessage(relative)).contains("partial");
    }

    @Test
    void aPageNamesSilenceOnce() throws IOException {
        String page = outputs.save(JOB, row("e1", START), RunResult.silent("silent: empty output", ""));
        assertThat(outputs.readWhole(page))
                .hasValueSatisfying(text -> assertThat(text).contains("- silent: empty output\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "\n",
                "  two\r\nlines \n\n",
                "\u20ac \ud83d\ude00 \0",
                "## Message\n\n<!-- kairos: message, bytes=3 -->\nabc",
                "\n<!-- kairos: end of message, bytes=0 sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                        + " -->\n",
                "```\ncode\n```"
            })
    void theMessageComesBackByteForByte(String message) throws IOException {
        assertThat(outputs.readMessage(save(message))).contains(message);
    }

    @Test
    void aMebibyteComesBackToo() throws IOException {
        String message = "0123456789abcdef".repeat(1 << 16);
        assertThat(outputs.readMessage(save(message))).contains(message);
    }

    @Test
    void aMessageInsideAMessageIsNotMistakenForThePage() throws IOException {
        String first = save("inner");
        String page = outputs.readWhole(first).orElseThrow();
        assertThat(outputs.readMessage(save(page))).contains(page);
    }

    @Test
    void aDamagedPageHasNoMessage() throws IOException {
        String relative = save("hello");
        Path file = home.resolve("cron/output").resolve(relative);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(outputs.readMessage(relative)).as("cut at %d", length).isEmpty();
        }
        String edited = new String(whole, StandardCharsets.UTF_8).replace("hello", "jello");
        Files.writeString(file, edited);
        assertThat(outputs.readMessage(relative)).isEmpty();
        Files.delete(file);
        assertThat(outputs.readMessage(relative)).isEmpty();
        assertThat(outputs.readWhole(relative)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../secret.md",
                "/etc/passwd",
                "job_abc123/../../x.md",
                "",
                "job_abc123",
                "job_abc123/x.md",
                "\0",
                "job_abc123/2027-01-15_08-00-00-link.md",
                "linked/2027-01-15_08-00-00-a.md"
            })
    void nothingOutsideIsRead(String relative) throws IOException {
        Path secret = Files.writeString(home.resolve("secret.md"), "secret");
        save("x");
        Path folder = home.resolve("cron/output");
        Files.createSymbolicLink(folder.resolve("job_abc123/2027-01-15_08-00-00-link.md"), secret);
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("2027-01-15_08-00-00-a.md"), "secret");
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
        assertThat(outputs.readWhole(relative)).isEmpty();
        assertThat(outputs.readMessage(relative)).isEmpty();
    }

    @Test
    void theNewestStayAndThoseSomebodyStillNeeds() throws IOException {
        for (int i = 0; i < 10; i++) {
            outputs.save(JOB, row("e" + i, START.plusSeconds(i)), RunResult.ok("x"));
        }
        Path strange = Files.writeString(home.resolve("cron/output/job_abc123/notes.md"), "a person's");
        outputs.prune(JOB.id(), 3, () -> Set.of("e2", "e8"));
        assertThat(environment.files().list(home.resolve("cron/output/job_abc123")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "2027-01-15_08-00-02-e2.md",
                        "2027-01-15_08-00-07-e7.md",
                        "2027-01-15_08-00-08-e8.md",
                        "2027-01-15_08-00-09-e9.md",
                        "notes.md");
        Files.delete(strange);
        outputs.purge(JOB.id());
        assertThat(home.resolve("cron/output/job_abc123")).doesNotExist();
        outputs.purge("never-was");
        assertThatThrownBy(() -> outputs.purge("../x")).isInstanceOf(IllegalArgumentException.class);
    }
}
