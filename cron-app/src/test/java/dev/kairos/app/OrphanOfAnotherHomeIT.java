package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a killed daemon left running, met by the daemon of another home on the same machine. */
@EnabledOnOs(OS.LINUX)
class OrphanOfAnotherHomeIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ServedHome home;

    @AfterEach
    void endWhatStillRuns() {
        home.close();
        home.effects().stream()
                .flatMap(effect -> Marked.by(effect.execution()).stream())
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Runs for ever and ignores TERM the first time; the second time it notes whether the first one still lives. */
    private void aScriptThatStaysTheFirstTime() throws IOException {
        Path pid = folder.resolve("pid");
        home.script(
                "stay",
                "if [ -e '" + pid + "' ]; then\n"
                        + "  grep -qs KAIROS_EXECUTION_ID \"/proc/$(cat '" + pid + "')/environ\" && touch '" + beside()
                        + "'\n"
                        + "  exit 0\n"
                        + "fi\n"
                        + "trap '' TERM\n"
                        + "echo $$ > '" + pid + "'\n"
                        + "while :; do sleep 0.2; done");
    }

    private Path beside() {
        return folder.resolve("beside");
    }

    private Effect awaitFirstRun() {
        home.cli().done("add", "in 1s", "--no-agent", "--name", "stay", "--script", "stay", "--on-crash", "rerun");
        await().atMost(LONG).until(() -> Files.exists(folder.resolve("pid")));
        return home.effects().get(0);
    }

    @Test
    void ofTheSameDatabaseItIsEndedBeforeTheNextAttemptStarts(@TempDir Path data) throws Exception {
        try (PostgresServer postgres = PostgresServer.in(data)) {
            home = ServedHome.sharing(folder, postgres.url(), 2);
            aScriptThatStaysTheFirstTime();
            List<ServeProcess> two = List.of(home.serve(), home.serve());
            await().atMost(LONG).until(() -> two.stream().allMatch(ServeProcess::isReady));
            Effect first = awaitFirstRun();
            List<Long> orphans = Marked.by(first.execution());

            two.stream()
                    .filter(daemon -> daemon.hasStarted(orphans))
                    .findFirst()
                    .orElseThrow()
                    .kill();

            await().atMost(LONG).until(() -> home.rows().stream().anyMatch(row -> row.is("ok")));
            assertThat(beside()).doesNotExist();
            assertThat(Marked.by(first.execution())).isEmpty();
            assertThat(home.effects()).hasSize(2);
            assertThat(home.rows())
                    .extracting(Row::attempt, Row::status)
                    .containsExactly(tuple(2, "ok"), tuple(1, "unknown"));
            home.close();
        }
    }

    @Test
    void ofTheHomeThatThisOneWasCopiedFromItIsLeftAlone() throws Exception {
        home = new ServedHome(folder);
        aScriptThatStaysTheFirstTime();
        ServeProcess original = home.serve();
        Effect first = awaitFirstRun();
        original.kill();
        Path copy = folder.resolve("copy");
        copyAll(home.home(), copy);

        passUntilItRanAgain(Cli.at(copy));
        assertThat(Marked.by(first.execution())).as("runs for the original").isNotEmpty();

        passUntilItRanAgain(home.cli());
        assertThat(Marked.by(first.execution())).as("ended for the original").isEmpty();
    }

    private static void passUntilItRanAgain(Cli cli) {
        await().atMost(LONG).until(() -> {
            cli.done("tick");
            return Row.all(cli.done("runs", "--json")).stream().anyMatch(row -> row.is("ok"));
        });
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one).toString()));
            }
        }
    }
}
