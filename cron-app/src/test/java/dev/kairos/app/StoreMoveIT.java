package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.StoreContents;
import dev.kairos.builtin.StoreOpener;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file to a real PostgreSQL and back: what waits goes along, and a move that was killed is told from a whole one. */
class StoreMoveIT {
    private static final int ROWS = 20_000;
    private static int schemas;

    @TempDir
    static Path server;

    private static PostgresServer postgres;

    @TempDir
    Path folder;

    private String schema;
    private StandInPlatform platform;
    private Path work;

    @BeforeAll
    static void aServer() throws IOException {
        postgres = PostgresServer.in(server);
    }

    @AfterAll
    static void endIt() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void aPlatform() throws IOException {
        schema = "s" + schemas++;
        platform = new StandInPlatform(new SystemEnvironment())
                .always(Reply.of(200, "{\"ok\":true,\"result\":{\"message_id\":4711}}"));
        work = Files.createDirectory(folder.toRealPath().resolve("work"));
    }

    @AfterEach
    void endThem() throws IOException {
        platform.close();
    }

    private String url() {
        return postgres.url() + "&currentSchema=" + schema;
    }

    private Path home(String name, String config) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("config.yaml"), config);
        return home;
    }

    private String onServer() {
        return "store:\n  url: \"" + url() + "\"\n";
    }

    private String telegram() {
        return "delivery:\n  telegram:\n    url: " + platform.url()
                + "\n    token: 1:S3cr3t-0f-th3-pl4tf0rm\n    home: \"42\"\n";
    }

    /** A job ran, and its message waits: what could send it is configured no more. */
    private Cli ranWithAMessageThatWaits(Path home) throws Exception {
        Files.writeString(work.resolve("report.csv"), "a,b of the run");
        Files.writeString(
                home.resolve("scripts/report.sh"),
                "echo All is well.\necho MEDIA:" + work.resolve("report.csv") + "\n");
        Files.writeString(home.resolve("scripts/said.sh"), "echo it said so\n");
        Path config = home.resolve("config.yaml");
        String without = Files.readString(config);
        Files.writeString(config, without + telegram());
        Cli cli = Cli.at(home);
        String[] words =
                "add 1s --script report.sh --no-agent --deliver telegram:42 --name report --workdir".split(" ");
        words = Arrays.copyOf(words, words.length + 1);
        words[words.length - 1] = work.toString();
        cli.done(words);
        cli.done("add", "every 1h", "--script", "said.sh", "--no-agent", "--name", "hourly");
        Files.writeString(config, without);
        cli.done("run", "hourly", "--wait");
        new SystemEnvironment().sleep(Duration.ofMillis(1_100));
        cli.run("tick");
        assertThat(platform.requests()).isEmpty();
        return cli;
    }

    private static String contents(String url, Path home) {
        try (JobStore store = open(url, home)) {
            return StoreContents.of(store).toString();
        }
    }

    private static JobStore open(String url, Path home) {
        return StoreOpener.open(url, home, new SystemEnvironment(), () -> {
            throw new AssertionError("a store that the class path opens needs no plug-in");
        });
    }

    private void arrives(Cli cli) {
        cli.run("tick");
        assertThat(platform.requests()).hasSize(2);
        assertThat(platform.requests().get(0).body()).contains("All is well.");
        assertThat(platform.requests().get(1).body()).contains("report.csv", "a,b of the run");
    }

    @Test
    void whatWaitedInABackupOfAServerIsSentFromAHomeThatHasNothingElse() throws Exception {
        Path ran = home("ran", onServer());
        ranWithAMessageThatWaits(ran);
        Files.delete(work.resolve("report.csv"));
        Path bare = home("bare", onServer());
        Path file = folder.resolve("monday.db");

        Cli.Result told = Cli.at(bare).done("store", "backup", file.toString());

        assertThat(told.out()).contains("With it: 2 outputs, and 1 files").doesNotContain("Not in it");
        assertThat(contents("jdbc:sqlite:" + file, bare)).isEqualTo(contents(url(), bare));
        Path restored = home("restored", telegram());
        Cli there = Cli.at(restored);
        there.done("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", "jdbc:sqlite:cron/state.db");
        assertThat(there.done("output", "hourly").out()).contains("it said so");
        arrives(there);
    }

    @Test
    void whatWaitedInAFileIsSentFromTheServerAndComesBackWhole() throws Exception {
        Path ran = home("ran", "");
        Cli here = ranWithAMessageThatWaits(ran);
        String before = contents("jdbc:sqlite:cron/state.db", ran);

        here.done("store", "migrate", "--to", url());
        Files.delete(work.resolve("report.csv"));
        String sameServer = url().replace("localhost", "127.0.0.1");
        assertThat(here.run("store", "migrate", "--from", url(), "--to", sameServer)
                        .refusedPlainly(2)
                        .err())
                .contains("the two stores are the same, written in two ways");
        Cli.Result back = here.done("store", "migrate", "--from", url(), "--to", "jdbc:sqlite:again.db");
        assertThat(back.out()).contains("With it: 2 outputs, as files in cron/output of this home, and 1 files");

        assertThat(contents(url(), ran)).isEqualTo(before);
        assertThat(contents("jdbc:sqlite:again.db", ran)).isEqualTo(before);
        assertThat(contents("jdbc:sqlite:cron/state.db", ran)).isEqualTo(before);
        Cli elsewhere = Cli.at(home("elsewhere", onServer() + telegram()));
        assertThat(elsewhere.done("output", "hourly").out()).contains("it said so");
        arrives(elsewhere);
    }

    @Test
    void aMoveThatWasKilledIsWorkedOnByNobodyAndGoesOn() throws Exception {
        Path home = home("home", "");
        Cli here = Cli.at(home);
        Files.writeString(home.resolve("scripts/said.sh"), "echo said\n");
        here.done("add", "every 1h", "--script", "said.sh", "--no-agent", "--name", "hourly");
        longLedger(home);
        ServeProcess move = ServeProcess.of(home, folder.resolve("move.log"), "store", "migrate", "--to", url());
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> copied() > 0);
        move.kill();
        assertThat(copied()).as(move.said()).isBetween(1L, ROWS - 1L);

        Path served = home("served", onServer());
        ServeProcess daemon = ServeProcess.on(served, folder.resolve("serve.log"));
        assertThat(daemon.awaitEnd()).isNotZero();
        assertThat(daemon.said())
                .contains("unfinished copy", "kairos store migrate")
                .doesNotContain("Exception");
        assertThat(Cli.at(served).run("list").refusedPlainly(1).err()).contains("unfinished copy");
        here.run("store", "migrate", "--from", url(), "--to", "jdbc:sqlite:half.db")
                .refusedPlainly(1);

        here.done("store", "migrate", "--to", url());
        assertThat(copied()).isEqualTo(ROWS);
        assertThat(contents(url(), home)).isEqualTo(contents("jdbc:sqlite:cron/state.db", home));
        Cli.at(served).done("list");
    }

    private static void longLedger(Path home) {
        try (JobStore store = open("jdbc:sqlite:cron/state.db", home)) {
            String job = store.jobs().list().get(0).id();
            Instant first = Instant.parse("2027-01-15T09:00:00Z");
            for (int from = 0; from < ROWS; from += 500) {
                Amendment.Builder rows = Amendment.builder();
                for (int i = from; i < from + 500; i++) {
                    rows.row(Execution.builder("row-" + i, job, first.plusSeconds(i))
                            .status(ExecutionStatus.OK)
                            .finishedAt(first.plusSeconds(i))
                            .build());
                }
                store.claims().decide(job, view -> rows.build());
            }
        }
    }

    private long copied() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet there =
                        statement.executeQuery("SELECT count(to_regclass('" + schema + ".kairos_migrations'))")) {
            there.next();
            if (there.getInt(1) == 0) {
                return 0;
            }
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + schema + ".executions")) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Test
    void aDaemonOnTheSourceAndTablesThatAreMissingOrOldAreRefused() throws Exception {
        Path home = home("home", "");
        Cli here = Cli.at(home);
        assertThat(here.run("store", "migrate", "--from", url(), "--to", "jdbc:sqlite:new.db")
                        .refusedPlainly(1)
                        .err())
                .contains("There is no store at jdbc:postgresql:", "currentSchema");
        assertThat(copied()).isZero();

        ServeProcess daemon = ServeProcess.on(home, folder.resolve("serve.log"));
        await().atMost(Duration.ofSeconds(60)).until(daemon::isReady);
        assertThat(here.run("store", "migrate", "--to", url()).refusedPlainly(1).err())
                .contains("works on the source", "stop every");
        daemon.kill();
        here.done("store", "migrate", "--to", url());

        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM " + schema + ".kairos_migrations WHERE version > 5");
        }
        assertThat(here.run("store", "migrate", "--from", url(), "--to", "jdbc:sqlite:new.db")
                        .refusedPlainly(1)
                        .err())
                .contains("older Kairos", "kairos store check");
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet version =
                        statement.executeQuery("SELECT max(version) FROM " + schema + ".kairos_migrations")) {
            version.next();
            assertThat(version.getInt(1)).isEqualTo(5);
        }
        assertThat(home.resolve("new.db")).doesNotExist();
    }
}
