package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.Task;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon behind a provider that fires by calling a command, as a crontab does, and the commands that are called. */
class OutsideAttemptsTest {
    @TempDir
    Path folder;

    private final ManualEnvironment time = new ManualEnvironment(Instant.parse("2026-05-04T09:59:30Z"));
    private final MemoryStore store = new MemoryStore("outside");
    private CronRuntime daemon;

    @BeforeEach
    void begin() {
        OutsideProvider.forget();
        OutsideProvider.isSilent = true; // in this process it never fires
        daemon = runtime();
        daemon.define("beat", "* * * * *", call -> "");
        daemon.start();
        time.settle();
    }

    @AfterEach
    void end() {
        during(daemon::close);
        OutsideProvider.forget();
    }

    private CronRuntime runtime() {
        return CronRuntime.builder()
                .home(folder.resolve("home"))
                .environment(time)
                .variables(Map.of())
                .store(store)
                .loader(ListedProviders.of(folder, OutsideProvider.class))
                .setting("cron.provider", "outside")
                .build();
    }

    private void during(Runnable body) {
        Task task = time.start("command", body);
        time.advance(Duration.ofSeconds(2));
        assertThat(task.isDone()).isTrue();
    }

    /** What cron does at a minute: starts a command, which joins, tries the job, and ends. */
    private void command() {
        String job = daemon.jobs().find("beat").id();
        during(() -> {
            try (CronRuntime command = runtime()) {
                command.join();
                command.fire(job);
            }
        });
    }

    private String state() {
        return daemon.status().provider().state();
    }

    private long notes() throws Exception {
        Path attempts = folder.resolve("home").resolve("cron").resolve("attempts");
        try (Stream<Path> files = Files.exists(attempts) ? Files.list(attempts) : Stream.empty()) {
            return files.count();
        }
    }

    @Test
    void aDaemonTakesTheTriggerFromOneThatCallsNobodyAndHandsItBackWhenItCallsAgain() throws Exception {
        command();
        assertThat(notes()).as("nobody listens while nothing is wrong").isZero();
        time.advance(Duration.ofMinutes(4));
        assertThat(state()).isEqualTo("deaf");

        for (int minute = 0; minute < 3; minute++) {
            assertThat(state()).isEqualTo("deaf");
            time.advance(Duration.between(
                    time.now(), time.now().plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.MINUTES)));
            command();
        }
        time.advance(Duration.ofSeconds(3));
        assertThat(state()).isEqualTo("armed");
        assertThat(daemon.status().provider().coveredBecause()).isEmpty();
        assertThat(notes()).as("what was heard is forgotten").isZero();
    }

    @Test
    void whatIsNoIdLeavesNoFileAnywhere() throws Exception {
        time.advance(Duration.ofMinutes(4));
        assertThat(state()).isEqualTo("deaf");
        OutsideAttempts attempts = new OutsideAttempts(time, folder.resolve("home"));

        attempts.note("../escaped", time.now());
        assertThat(notes()).isZero();
        assertThat(folder.resolve("home").resolve("cron").resolve("escaped")).doesNotExist();

        attempts.note("beat", time.now());
        assertThat(notes()).isEqualTo(1);
    }

    @Test
    void aNoteThatNobodyCanReadIsPassedOver() throws Exception {
        OutsideAttempts attempts = new OutsideAttempts(time, folder.resolve("home"));
        Path notes =
                Files.createDirectories(folder.resolve("home").resolve("cron").resolve("attempts"));
        Files.writeString(notes.resolve("torn"), "2026-05-0");
        Files.writeString(notes.resolve("good"), "2026-05-04T10:00:00Z");
        assertThat(attempts.take())
                .containsExactly(new OutsideAttempts.Attempt("good", Instant.parse("2026-05-04T10:00:00Z")));
        assertThat(attempts.take()).isEmpty();
    }
}
