package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong use by people, on a home with a real SQLite store: one plain message, the right exit code, nothing changed. */
class WrongUseTest {
    @TempDir
    Path folder;

    private Path home;
    private Cli cli;

    @BeforeEach
    void open() {
        home = folder.resolve("home");
        cli = Cli.at(home);
        cli.done("add", "1h", "look at the door", "--name", "door");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "pause", "resume", "run", "cancel", "remove", "output", "fire", "import"})
    void aCommandWithoutItsArgumentNamesIt(String command) {
        Cli.Result result = cli.run(command);

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains(" is missing: ").contains("kairos " + command + " --help");
    }

    @Test
    void anEmptyHomeIsNotTheOwnHome() {
        Cli.Result result = cli.run("list", "--home", "");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("--home is empty");
    }

    @Test
    void anImportThatBringsNothingHasFailed() throws IOException {
        Path file = Files.writeString(folder.resolve("foreign.json"), "{\"jobs\":[5]}");

        Cli.Result result = cli.run("import", file.toString());

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).contains("Imported 0, set aside 1");
    }

    @Test
    void doctorNamesAOneShotWhoseStoreIsGone() throws IOException {
        for (String name : new String[] {"state.db", "state.db-wal", "state.db-shm"}) {
            Files.deleteIfExists(home.resolve("cron").resolve(name));
        }

        assertThat(cli.run("doctor").out()).contains("Lost store", "jobs.json", "backup");
        assertThat(home.resolve("cron").resolve("state.db")).doesNotExist();
        cli.done("list");
        Cli.Result result = cli.run("doctor");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).contains("Lost store", "\"door\"", "kairos resume");
    }

    @Test
    void aValueOfTheWrongFormIsSaidByEveryCommand() throws IOException {
        Files.writeString(home.resolve("config.yaml"), "cron:\n  interval: banana\n");

        Cli.Result result = cli.run("list");

        assertThat(result.exit()).isZero();
        assertThat(result.err()).contains("config.yaml", "cron.interval", "banana", "90s");
    }
}
