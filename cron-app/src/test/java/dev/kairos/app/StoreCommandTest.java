package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.KeptFile;
import dev.kairos.builtin.CopiedOutputs;
import dev.kairos.builtin.StoreContents;
import dev.kairos.builtin.StoreCopy;
import dev.kairos.builtin.StoreOpener;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checking, backing up and moving what a home holds. */
class StoreCommandTest {
    private static final int JOBS = 700;

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void aHomeWithHistory() throws IOException {
        Path home = folder.resolve("home");
        cli = Cli.at(home);
        Path script = Files.createDirectories(home.resolve("scripts")).resolve("said.sh");
        Files.writeString(script, "echo said\n");
        StringBuilder jobs = new StringBuilder("{\"jobs\": [");
        for (int i = 0; i < JOBS; i++) {
            jobs.append(i == 0 ? "" : ",")
                    .append(
                            "{\"id\": \"job_%04d\", \"schedule\": \"every 1h\", \"script\": \"said.sh\", \"no_agent\": true}"
                                    .formatted(i));
        }
        cli.input(jobs.append("]}").toString()).done("import", "-");
        for (int i = 0; i < 3; i++) {
            cli.done("run", "job_000" + i, "--wait");
        }
        cli.done("remove", "job_0002");
    }

    private String contents(String url) {
        try (JobStore store = open(url)) {
            return StoreContents.of(store).toString();
        }
    }

    private JobStore open(String url) {
        return StoreOpener.open(url, folder.resolve("home"), new SystemEnvironment(), () -> {
            throw new AssertionError("a store that the class path opens needs no plug-in");
        });
    }

    private String url(String name) {
        return "jdbc:sqlite:" + folder.resolve(name);
    }

    @Test
    void aSoundStoreIsSaidToBe() {
        Cli.Result checked = cli.done("store", "check", "--json");
        assertThat(checked.json()).containsEntry("jobs", JOBS - 1).containsEntry("executions", 3);
        assertThat(cli.done("store", "check").out()).contains("Nothing is wrong.");
    }

    @Test
    void aBackupHoldsAllAndComesBack() {
        Path file = folder.resolve("backup.db");
        cli.done("store", "backup", file.toString());
        assertThat(contents("jdbc:sqlite:" + file)).isEqualTo(contents("jdbc:sqlite:cron/state.db"));
        cli.run("store", "backup", file.toString()).refusedPlainly(1);

        cli.done("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", url("again.db"));
        assertThat(contents(url("again.db"))).isEqualTo(contents("jdbc:sqlite:cron/state.db"));
    }

    @Test
    void whatIsNotEmptyIsLeftAlone() {
        String before = contents("jdbc:sqlite:cron/state.db");
        cli.run("store", "migrate", "--from", "jdbc:sqlite:cron/state.db", "--to", "jdbc:sqlite:cron/state.db")
                .refusedPlainly(2);
        cli.variable("WHERE", folder.resolve("full.db").toString())
                .done("store", "migrate", "--to", "jdbc:sqlite:${WHERE}");
        cli.run("store", "migrate", "--to", url("full.db")).refusedPlainly(1);
        cli.run("store", "migrate", "--from", url("full.db"), "--to", "jdbc:sqlite:cron/state.db")
                .refusedPlainly(1);
        assertThat(contents("jdbc:sqlite:cron/state.db")).isEqualTo(before);
    }

    @Test
    void aCopyThatWasInterruptedGoesOn() {
        for (int writes = 1; writes < 12; writes += 2) {
            String url = url("cut-" + writes + ".db");
            breakAfter(writes, url);
            cli.done("store", "migrate", "--to", url);
            assertThat(contents(url))
                    .as("cut after %d writes", writes)
                    .isEqualTo(contents("jdbc:sqlite:cron/state.db"));
        }
    }

    private void breakAfter(int most, String url) {
        int[] writes = new int[1];
        try (JobStore from = open("jdbc:sqlite:cron/state.db");
                JobStore to = open(url)) {
            JobStore cut = new InterceptedStore(to, new StoreHook() {
                @Override
                public void before(Write write) {
                    writes[0]++;
                    if (writes[0] > most) {
                        throw new IllegalStateException("cut");
                    }
                }
            });
            StoreCopy copy = new StoreCopy(from, cut, new NoPages(), (what, count) -> {});
            assertThatThrownBy(copy::run).hasMessageContaining("cut");
        }
    }

    private static final class NoPages implements CopiedOutputs.Pages {
        @Override
        public boolean areAllTaken() {
            return false;
        }

        @Override
        public Optional<String> page(Execution row) {
            return Optional.empty();
        }

        @Override
        public List<KeptFile> files(Execution row) {
            return List.of();
        }

        @Override
        public void beside(Execution row, boolean isTaken) {}
    }

    @Test
    void wrongWordsAreRefusedPlainly() {
        cli.run("store").refusedPlainly(2);
        cli.run("store", "frob").refusedPlainly(2);
        cli.run("store", "backup").refusedPlainly(2);
        cli.run("store", "migrate").refusedPlainly(2);
        cli.run("store", "migrate", "--to", "jdbc:oracle:x").refusedPlainly(2);
    }
}
