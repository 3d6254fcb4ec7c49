package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobField;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.JobOperations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node is a process that is killed while three jobs run, and another one goes on: the same rows behind each provider. */
class KilledNodeTest {
    private static final String DAY = "2027-01-15T";

    private static final List<String> TABLE = List.of(
            "beat 02:00 1 ok",
            "beat 03:00 1 ok",
            "long 02:00 1 unknown",
            "missed 02:05 1 ok",
            "once 02:00 1 unknown",
            "once 02:00 2 ok",
            "rerun 02:00 1 unknown",
            "rerun 02:00 2 ok");

    @TempDir
    Path folder;

    @Test
    void aKilledNodeLeavesTheSameRowsBehindEveryProvider() throws Exception {
        SideBySide.expect(TABLE, folder, KilledNodeTest::story);
    }

    private static List<String> story(Backend backend, MovedMachine time, Path home) throws Exception {
        Path effects = home.resolve("effects");
        time.set(Instant.parse(DAY + "01:50:00Z"));
        try (Node onlooker = new Node(time, home, "none", Map.of(), new Notes())) {
            create(onlooker.open().jobs());
            time.set(Instant.parse(DAY + "01:58:50Z"));
            try (Killed first = new Killed(backend, time, home, effects)) {
                first.setClock(Instant.parse(DAY + "02:00:00Z").minusMillis(1_200));
                onlooker.await(
                        "running",
                        () -> lines(effects).size() == 4 && onlooker.rows().contains(TABLE.get(0)));
            }
            time.set(Instant.parse(DAY + "02:57:20Z"));
            try (Killed second = new Killed(backend, time, home, effects)) {
                second.setClock(Instant.parse(DAY + "02:59:00Z").minusMillis(1_200)); // when cron wakes it
                onlooker.await("missed", () -> onlooker.rows().contains("missed 02:05 1 ok"));
                second.setClock(Instant.parse(DAY + "03:00:00Z").minusMillis(1_200));
                onlooker.await("gone on", () -> onlooker.rows().containsAll(TABLE) && onlooker.isQuiet());
            }
            assertThat(lines(effects)).doesNotHaveDuplicates().hasSameSizeAs(TABLE);
            return onlooker.rows();
        }
    }

    private static void create(JobOperations jobs) {
        jobs.create(Node.job("beat", Node.utc("0 * * * *")));
        jobs.create(Node.job("long", Node.utc("0 2 * * *")));
        jobs.create(Node.job("missed", Node.utc("5 2 * * *")));
        jobs.create(Node.job("once", Schedule.once(Instant.parse(DAY + "02:00:00Z"), ZoneOffset.UTC)));
        jobs.create(Node.job("rerun", Node.utc("0 2 * * *")).toBuilder()
                .set(JobField.ON_CRASH, OnCrash.RERUN)
                .build());
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** A node's process, armed; closed is killed. */
    private static final class Killed implements AutoCloseable {
        private final MovedMachine time;
        private final Process process;
        private final Writer orders;

        Killed(Backend backend, MovedMachine time, Path home, Path effects) throws IOException {
            this.time = time;
            Properties written = new Properties();
            written.putAll(backend.settings());
            Path settings = home.resolve("settings");
            try (Writer file = Files.newBufferedWriter(settings)) {
                written.store(file, null);
            }
            process = new ProcessBuilder(NodeProcess.command(home, backend.provider(), settings, effects))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            orders = process.outputWriter(StandardCharsets.UTF_8);
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            assertThat(said.readLine()).isEqualTo("ready");
            setClock(time.now());
            assertThat(said.readLine()).isEqualTo("armed");
        }

        void setClock(Instant now) throws IOException {
            time.set(now);
            orders.write(time.ahead().toMillis() + "\n");
            orders.flush();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
