package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that fire in their own process, asked to end or killed: nothing they started outlives its row. */
class InterruptedCommandIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path home;
    private Path log;
    private Cli cli;

    @BeforeEach
    void aJobThatTakesLong() throws IOException {
        home = folder.resolve("home");
        log = folder.resolve("log");
        cli = Cli.at(home);
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(
                home.resolve("scripts").resolve("long.sh"),
                "echo $$ >>'" + folder.resolve("pids") + "'\nexec sleep 600\n");
        cli.done("add", "every 2h", "--script", "long.sh", "--no-agent", "--name", "long");
    }

    @AfterEach
    void endWhatStillRuns() throws IOException {
        pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private List<Long> pids() throws IOException {
        Path file = folder.resolve("pids");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::parseLong).toList()
                : List.of();
    }

    /** What nobody has buried yet has no environment any more. */
    private long livingScripts() throws IOException {
        return pids().stream().filter(InterruptedCommandIT::isAlive).count();
    }

    private static boolean isAlive(long pid) {
        try {
            return Files.readAllBytes(Path.of("/proc/" + pid + "/environ")).length > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private List<Object> statuses() {
        List<?> rows = (List<?>) cli.done("runs", "long", "--json").json().get("runs");
        return rows.stream().<Object>map(row -> ((Map<?, ?>) row).get("status")).toList();
    }

    private ServeProcess running(String... words) throws IOException {
        int before = pids().size();
        ServeProcess command = ServeProcess.of(home, log, words);
        await().atMost(LONG).until(() -> pids().size() > before);
        return command;
    }

    @Test
    void aRunThatIsAskedToEndEndsItsScriptAndItsRowWithinItsTime() throws Exception {
        try (ServeProcess run = running("run", "long")) {
            long asked = System.nanoTime();
            run.askToEnd();

            assertThat(run.awaitEnd()).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .as("nothing is sent, so nothing but the run gets time")
                    .isLessThan(Duration.ofSeconds(42));
            assertThat(run.said()).contains("stopping", "gets 30 s", "interrupted");
            assertThat(livingScripts()).isZero();
            assertThat(statuses()).containsExactly("unknown");
        }
    }

    @Test
    void aRunWhoseProcessWasKilledIsRecoveredByTheNextRunAndByCancel() throws Exception {
        try (ServeProcess killed = running("run", "long")) {
            killed.kill();
        }
        assertThat(livingScripts()).isEqualTo(1);
        try (ServeProcess next = running("run", "long")) {
            assertThat(livingScripts()).as("only the new one").isEqualTo(1);
            assertThat(statuses()).containsExactly("running", "unknown");
            next.kill();
        }

        cli.done("cancel", "long");

        assertThat(livingScripts()).isZero();
        assertThat(statuses()).containsExactly("cancelled", "unknown");
    }

    @Test
    void quickstartTakesItsFolderAwayWhenItIsAskedToEnd() throws Exception {
        try (ServeProcess quickstart = ServeProcess.of(home, log, "quickstart")) {
            await().atMost(LONG).until(() -> quickstart.said().contains("fire 1:"));
            quickstart.askToEnd();

            assertThat(quickstart.awaitEnd()).isEqualTo(1);
        }
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertThat(left.filter(file -> file.toString().contains("kairos-quickstart-")))
                    .isEmpty();
        }
    }

    @Test
    void theDaemonSaysOnItsTerminalThatPassesFailAndThatTheyWorkAgain() throws Exception {
        try (ServeProcess serve = ServeProcess.on(home, log)) {
            await().atMost(LONG).until(serve::isReady);
            cli.done("edit", "long", "--schedule", "every 1s");
            await().atMost(LONG).until(() -> !pids().isEmpty());
            execute("ALTER TABLE envelopes RENAME TO elsewhere");
            await().atMost(LONG).until(() -> serve.said().contains("a pass failed"));
            execute("ALTER TABLE elsewhere RENAME TO envelopes");
            await().atMost(LONG).until(() -> serve.said().contains("passes work again"));

            assertThat(serve.said().lines().filter(line -> line.contains("a pass failed")))
                    .hasSize(1);
        }
    }

    private void execute(String statement) throws SQLException {
        try (Connection store = DriverManager.getConnection(
                        "jdbc:sqlite:" + home.resolve("cron").resolve("state.db"));
                Statement one = store.createStatement()) {
            one.execute("PRAGMA busy_timeout = 10000");
            one.execute(statement);
        }
    }

    @Test
    void aCommandThatFiresIsNoDaemon() throws Exception {
        try (ServeProcess run = running("run", "long")) {
            Cli.Result status = cli.run("status", "--json");

            assertThat(status.exit()).isEqualTo(1);
            assertThat((List<?>) status.json().get("commands")).hasSize(1);
            assertThat(cli.done("list").out()).contains("Nothing fires here");
            run.kill();
        }
    }
}
