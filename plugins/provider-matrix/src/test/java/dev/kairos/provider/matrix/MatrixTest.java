package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.ResumeMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One story, told behind each provider: what is created, edited, paused, resumed, removed, asked for, counted, due once, due
 * where clocks change, and due while the node is away leaves the same rows, whoever pulls the trigger.
 */
class MatrixTest {
    /** The night in which Warsaw's clocks go from two to three (01:00Z) and Asuncion's from twelve to eleven (03:00Z). */
    private static final String DAY = "2021-03-28T";

    /** Job, instant in UTC, attempt, outcome. */
    private static final List<String> TABLE = List.of(
            "asked for asked 1 ok",
            "away 01:15 1 ok",
            "both passes 02:30 1 ok",
            "both passes 03:30 1 ok",
            "created 00:30 1 ok",
            "created 01:30 1 ok",
            "created 02:30 1 ok",
            "created 03:30 1 ok",
            "edited 01:00 1 ok",
            "fails once 00:30 1 error",
            "fails once 00:30 2 ok",
            "first pass 02:30 1 ok",
            "gap 01:00 1 ok",
            "gap 01:30 1 ok",
            "once 00:30 1 ok",
            "paused 00:30 1 skipped paused",
            "paused 01:30 1 ok",
            "paused 02:30 1 ok",
            "paused 03:30 1 ok",
            "twice 00:30 1 ok",
            "twice 01:00 1 ok");

    @TempDir
    Path folder;

    @Test
    void everyProviderLeavesTheSameRows() throws Exception {
        SideBySide.expect(TABLE, folder, MatrixTest::story);
    }

    private static void create(JobOperations jobs) {
        ZoneId warsaw = ZoneId.of("Europe/Warsaw");
        ZoneId asuncion = ZoneId.of("America/Asuncion");
        jobs.create(Node.job("asked for", Node.utc("0 12 * * *")));
        jobs.create(Node.job("away", Node.utc("15 1 * * *")));
        jobs.create(Node.job("both passes", Schedule.cron("30 */23 * * *", asuncion)));
        jobs.create(Node.job("created", Node.utc("30 * * * *")));
        jobs.create(Node.job("edited", Node.utc("30 0 * * *")));
        jobs.create(with(
                Node.job("fails once", Node.utc("30 0 * * *")),
                new Retry(Optional.of(1), Optional.of(Duration.ofMillis(100)), Optional.empty())));
        jobs.create(Node.job("first pass", Schedule.cron("30 23 * * *", asuncion)));
        jobs.create(Node.job("gap", Schedule.cron("0,30 2,3 * * *", warsaw)));
        jobs.create(Node.job("nothing for the gap", Schedule.cron("*/30 2 * * *", warsaw)));
        jobs.create(Node.job("once", Schedule.once(Instant.parse(DAY + "00:30:00Z"), ZoneOffset.UTC)));
        jobs.create(Node.job("paused", Node.utc("30 * * * *")));
        jobs.create(Node.job("removed", Node.utc("30 * * * *")));
        jobs.create(Node.job("twice", Node.utc("*/30 * * * *")).toBuilder()
                .set(JobField.REPEAT, 2)
                .build());
    }

    private static JobDefinition with(JobDefinition job, Retry retry) {
        return job.toBuilder().set(JobField.RETRY, retry).build();
    }

    private static List<String> story(Backend backend, MovedMachine time, Path home) throws Exception {
        Notes notes = new Notes();
        time.set(Instant.parse(DAY + "00:20:10Z"));
        try (Node node = new Node(time, home, backend.provider(), backend.settings(), notes)) {
            JobOperations jobs = node.open().jobs();
            create(jobs);
            node.start();
            jobs.edit(
                    "edited",
                    JobEdit.builder()
                            .set(JobField.SCHEDULE, Node.utc("0 1 * * *"))
                            .build());
            jobs.pause("paused", Optional.empty());
            jobs.remove("removed");
            jobs.requestRun("asked for");
            node.await("a request goes by no clock", () -> node.rows().contains("asked for asked 1 ok"));
            come(backend, node, time, "00:30");
            time.set(Instant.parse(DAY + "00:31:00Z"));
            jobs.resume("paused", ResumeMode.NEXT);
            come(backend, node, time, "01:00");
            node.end();
            time.set(Instant.parse(DAY + "01:27:20Z"));
            node.open();
            node.start();
            come(backend, node, time, "01:29"); // when cron wakes it for what came meanwhile
            come(backend, node, time, "01:30");
            come(backend, node, time, "02:30");
            come(backend, node, time, "03:30");
            assertThat(node.completed()).isEqualTo(Set.of("once", "twice"));
            List<String> rows = node.rows();
            assertThat(notes.effects()).as("each attempt called once").doesNotHaveDuplicates();
            assertThat(notes.effects()).hasSize((int)
                    rows.stream().filter(row -> !row.contains("skipped")).count());
            return rows;
        }
    }

    /** Steps the clock to just before the instant, and lets it come. */
    private static void come(Backend backend, Node node, MovedMachine time, String at) {
        Instant instant = Instant.parse(DAY + at + ":00Z");
        time.set(instant.minusMillis(1_200));
        node.await(
                at,
                () -> time.now().isAfter(instant)
                        && node.rows().containsAll(due(LocalTime.parse(at)))
                        && node.isQuiet()
                        && backend.hasArmed(node.due()));
    }

    private static List<String> due(LocalTime until) {
        return TABLE.stream()
                .filter(row -> row.contains("asked")
                        || !LocalTime.parse(row.replaceAll(".*(\\d\\d:\\d\\d).*", "$1"))
                                .isAfter(until))
                .filter(row -> !row.contains("skipped"))
                .toList();
    }
}
