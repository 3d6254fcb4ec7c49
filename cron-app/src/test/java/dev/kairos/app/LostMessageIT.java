package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job succeeds and its message does not arrive, at the level of processes: daemons that are killed, a platform, files. */
class LostMessageIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Reply BAD_GATEWAY = Reply.of(502, "<html>bad gateway</html>");
    private static final Reply TAKEN = Reply.of(200, "{\"ok\":true,\"result\":{\"message_id\":4711}}");

    @TempDir
    Path folder;

    private StandInPlatform platform;
    private ServedHome served;

    @BeforeEach
    void aHomeWithTelegram() throws IOException {
        platform = new StandInPlatform(new SystemEnvironment()).always(BAD_GATEWAY);
        served = new ServedHome(folder);
        served.script("hello", "echo hello from the job");
    }

    @AfterEach
    void endWhatStillRuns() {
        served.close();
        platform.close();
    }

    private void retriesAfter(String waits) throws IOException {
        Files.writeString(
                served.home().resolve("config.yaml"),
                "delivery:\n  retry_backoff: " + waits + "\n  telegram:\n    url: " + platform.url()
                        + "\n    token: 1:S3cr3t-0f-th3-pl4tf0rm\n    home: \"42\"\n");
        served.cli().done("add", "1s", "--script", "hello", "--no-agent", "--name", "hello", "--deliver", "telegram");
    }

    private Map<?, ?> delivery() {
        List<?> all = (List<?>) served.cli().done("deliveries", "--json").json().get("deliveries");
        return all.isEmpty() ? Map.of("state", "none", "attempts", 0) : (Map<?, ?>) all.get(0);
    }

    private void awaitState(String state) {
        await().atMost(LONG).until(() -> delivery().get("state").equals(state));
    }

    @Test
    void itArrivesFromTheCachedFileThroughANewDaemonAndTheScriptRanOnce() throws Exception {
        retriesAfter("8s, 8s, 8s");
        ServeProcess daemon = served.serve();
        await().atMost(LONG).until(() -> !platform.requests().isEmpty());
        awaitState("retry");
        assertThat(commandLines())
                .as("the list of processes")
                .anyMatch(line -> line.contains(served.home().toString()))
                .noneMatch(line -> line.contains("S3cr3t"));
        daemon.kill();
        int before = platform.requests().size();
        platform.always(TAKEN);
        served.serve();
        awaitState("delivered");
        assertThat(platform.requests()).hasSize(before + 1);
        assertThat(platform.requests().get(before).body()).contains("hello from the job");
        assertThat(delivery().get("receipts")).isEqualTo(List.of("4711"));
        assertThat(served.effects()).as("runs of the script").hasSize(1);
        assertThat(served.log()).doesNotContain("S3cr3t");
    }

    @Test
    void threeFailedRetriesEndItAndTheErrorStays() throws Exception {
        retriesAfter("1s, 1s, 1s");
        served.serve();
        awaitState("failed");
        assertThat(platform.requests()).hasSize(4);
        assertThat(served.effects()).hasSize(1);
        assertThat(served.cli().done("show", "hello").out())
                .contains("last delivery", "failed", "delivery error", "telegram answered 502");
        assertThat(served.cli().run("doctor").out()).contains("was given up: telegram answered 502");
        assertThat(served.cli().done("deliveries", "--failed").out()).contains("telegram answered 502");

        platform.always(TAKEN);
        String execution = String.valueOf(delivery().get("execution"));
        served.cli().done("deliveries", "retry", execution);
        await().atMost(Duration.ofSeconds(30)) // the daemon is told, and does not wait for its next minute
                .until(() -> delivery().get("state").equals("delivered"));
        assertThat(served.effects()).as("runs of the script").hasSize(1);
    }

    @Test
    void aMessageWhoseFileIsGoneEndsAtOnce() throws Exception {
        retriesAfter("4s, 60s, 60s");
        served.serve();
        awaitState("retry");
        try (Stream<Path> files = Files.walk(served.home().resolve("cron").resolve("output"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        awaitState("failed");
        assertThat(delivery().get("error").toString()).contains("the kept output is gone");
        assertThat(platform.requests()).hasSize(1);
        assertThat(served.effects()).hasSize(1);
    }

    /** What {@code ps} shows of every process; the JDK's own handles cut long ones. */
    private static List<String> commandLines() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(entry -> entry.resolve("cmdline"))
                    .filter(Files::isReadable)
                    .map(LostMessageIT::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended meanwhile
        }
    }
}
