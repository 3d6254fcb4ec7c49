package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.KeptFile;
import dev.kairos.builtin.CopiedOutputs;
import dev.kairos.builtin.CopySource;
import dev.kairos.builtin.StoreContents;
import dev.kairos.builtin.StoreCopy;
import dev.kairos.builtin.StoreOpener;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checking, backing up and moving what a home holds. */
class StoreCommandTest {
    private static final int JOBS = 700;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    @TempDir
    static Path once;

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeAll
    static void aHomeWithHistory() throws IOException {
        Path home = once.resolve("home");
        Cli cli = Cli.at(home);
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

    @BeforeEach
    void aCopyOfIt() throws IOException {
        try (Stream<Path> files = Files.walk(once.resolve("home"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve("home").resolve(once.resolve("home").relativize(file)));
            }
        }
        cli = Cli.at(folder.resolve("home"));
    }

    private String contents(String url) {
        try (JobStore store = open(url)) {
            return StoreContents.of(store).toString();
        }
    }

    private JobStore open(String url) {
        return StoreOpener.open(url, folder.resolve("home"), new SystemEnvironment(), StoreCommandTest::noPlugins);
    }

    private static Plugins noPlugins() {
        throw new AssertionError("a store that the class path opens needs no plug-in");
    }

    private String url(String name) {
        return "jdbc:sqlite:" + folder.resolve(name);
    }

    @Test
    void aFileThatIsNotLookedAtIsRefused() {
        Cli.Result refused = cli.run("store", "check", "other.db").refusedPlainly(2);
        assertThat(refused.err()).contains("this takes no other.db", "KAIROS_STORE_URL");
        cli.run("store", "migrate", "other.db", "--to", "jdbc:sqlite:new.db").refusedPlainly(2);
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
        for (int writes = 1; writes <= 4; writes++) {
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
            StoreCopy copy = new StoreCopy(
                    new CopySource(from, "jdbc:sqlite:/the/first.db"), cut, new NoPages(), (what, count) -> {});
            assertThatThrownBy(copy::run).hasMessageContaining("cut");
        }
    }

    @Test
    void aDestinationThatIsMadeForTheCopyIsAskedForNoJobSingly() {
        List<String> asked = new ArrayList<>();
        try (JobStore from = open("jdbc:sqlite:cron/state.db")) {
            CopySource source = new CopySource(from, "jdbc:sqlite:/the/first.db");
            try (JobStore to = source.openDestination(
                    url("made.db"), folder.resolve("home"), new SystemEnvironment(), StoreCommandTest::noPlugins)) {
                new StoreCopy(source, new JobsWatchedStore(to, asked), new NoPages(), (what, count) -> {}).run();
            }
        }
        assertThat(asked).contains("job").doesNotContain("find");
    }

    @Test
    void aDestinationThatHoldsJobsIsReadNoFurtherThanTheFirst() {
        cli.done("store", "migrate", "--to", url("full.db"));
        List<String> asked = new ArrayList<>();
        try (JobStore from = open("jdbc:sqlite:cron/state.db");
                JobStore to = open(url("full.db"))) {
            StoreCopy copy = new StoreCopy(
                    new CopySource(from, "jdbc:sqlite:/the/first.db"),
                    new JobsWatchedStore(to, asked),
                    new NoPages(),
                    (what, count) -> {});
            assertThatThrownBy(copy::run).isInstanceOf(StoreCopy.NotEmptyException.class);
        }
        assertThat(asked).containsExactly("each", "job");
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
    void aSourceThatIsNotThereIsNotMade() {
        Cli.Result refused = cli.run("store", "migrate", "--from", "jdbc:sqlite:monday.db", "--to", url("to.db"));
        assertThat(refused.refusedPlainly(1).err())
                .contains("There is no store at " + folder.resolve("home").resolve("monday.db"), "whole path");
        assertThat(folder.resolve("home").resolve("monday.db")).doesNotExist();
        assertThat(folder.resolve("to.db")).doesNotExist();
    }

    @Test
    void aSourceOfAnOlderVersionStaysAsItIs() throws Exception {
        Path file = folder.resolve("older.db");
        cli.done("store", "backup", file.toString());
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 5");
        }
        byte[] before = Files.readAllBytes(file);

        Cli.Result refused = cli.run("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", url("to.db"));

        assertThat(refused.refusedPlainly(1).err()).contains("older Kairos", "version 5", "kairos store check");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder.resolve("to.db")).doesNotExist();
    }

    @Test
    void lookingAtAStoreOfAnOlderVersionLeavesItAsItIs() throws Exception {
        Path file = folder.resolve("older.db");
        cli.done("store", "backup", file.toString());
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 5");
        }
        byte[] before = Files.readAllBytes(file);
        Cli older = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", "jdbc:sqlite:" + file);

        Cli.Result status = older.run("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.out())
                .startsWith("not healthy")
                .contains("older Kairos", "version 5", "next start of a daemon", "gives a sign of life; start it with");
        assertThat(older.run("status", "--json").json())
                .containsKey("store_outdated")
                .doesNotContainKey("store_lost");
        Cli.Result doctor = older.run("doctor");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out()).contains("Store", "older Kairos", "next start of a daemon");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    /** As a database is that nobody made tables in. */
    @Test
    void aStoreThatIsYetToBeMadeIsNoBrokenOne() throws Exception {
        Path home = Files.createDirectories(folder.resolve("new"), PosixFilePermissions.asFileAttribute(PRIVATE));
        Path file = Files.createFile(home.resolve("none.db"));
        Cli fresh = Cli.at(home).variable("KAIROS_STORE_URL", "jdbc:sqlite:" + file);

        Cli.Result status = fresh.run("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.err()).isEmpty();
        assertThat(status.out())
                .startsWith("not healthy")
                .contains("Nothing was kept yet. There is no store at " + file, "first kairos add")
                .contains("no daemon of this home gives a sign of life; start it with \"kairos serve\"\n");
        assertThat(fresh.run("status", "--json").json())
                .containsKey("store_absent")
                .doesNotContainKey("store_lost");

        Cli.Result doctor = fresh.run("doctor");
        assertThat(doctor.out()).contains("Nothing was kept yet. There is no store at " + file, "Nothing is wrong.");
        assertThat(doctor.exit()).isZero();
        assertThat(file).isEmptyFile();

        Files.createDirectory(home.resolve("cron"), PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(home.resolve("cron").resolve("jobs.json"), "{\"jobs\": []}");
        assertThat(fresh.run("doctor").out()).contains("Store\n", "There is no store at " + file);
    }

    @Test
    void aDestinationThatWasOnlyServedWhileItWasEmptyIsFilled() {
        try (JobStore served = open(url("served.db"))) {
            served.ledger().keepFact("zone-data", Optional.empty(), Optional.of("2020a"));
            served.ledger().keepFact("gate:key", Optional.empty(), Optional.of("drawn"));
        }
        cli.done("store", "migrate", "--to", url("served.db"));
        assertThat(contents(url("served.db"))).isEqualTo(contents("jdbc:sqlite:cron/state.db"));
    }

    @Test
    void aLeaseOfAnotherMachineRefusesOnlyWhileSomebodyRenewsIt() {
        NodeIdentity elsewhere =
                NodeIdentity.builder("another-boot", 7, "n").pidNamespace("ns").build();
        try (JobStore source = open("jdbc:sqlite:cron/state.db")) {
            source.nodes().join(elsewhere);
            Cli.Result refused = cli.environment(
                            LeapingTime.machine(() -> source.nodes().renew(elsewhere.id())))
                    .run("store", "migrate", "--to", url("to.db"));
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("waiting 11 s", elsewhere.id(), "works on the source", "stop every");
            assertThat(folder.resolve("to.db")).doesNotExist();
        }
        Cli.Result moved =
                cli.environment(LeapingTime.machine(() -> {})).done("store", "migrate", "--to", url("to.db"));
        assertThat(moved.err()).contains("taken for dead");
    }

    @Test
    void aDaemonThatStandsStillRefusesThoughItIsNoMemberAnyMore() throws IOException {
        Path file = folder.resolve("backup.db");
        cli.done("store", "backup", file.toString());
        try (StoppedDaemon stopped = StoppedDaemon.of(folder.resolve("home"))) {
            Cli.Result refused =
                    cli.run("store", "migrate", "--to", url("to.db")).refusedPlainly(1);
            assertThat(refused.err()).contains(stopped.node(), "stands still", "kill -CONT " + stopped.pid());
            assertThat(folder.resolve("to.db")).doesNotExist();

            cli.done("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", url("to.db"));
        }
    }

    @Test
    void halfACopyThatSomebodyWorkedOnIsNotTakenBack() {
        breakAfter(3, url("cut.db"));
        try (JobStore half = open(url("cut.db"))) {
            half.claims()
                    .decide(
                            "job_0004",
                            view -> Amendment.builder()
                                    .engine(view.job().orElseThrow().engine().toBuilder()
                                            .runCount(9)
                                            .build())
                                    .build());
        }
        assertThat(cli.run("store", "migrate", "--to", url("cut.db"))
                        .refusedPlainly(1)
                        .err())
                .contains("job_0004 ran there");
        Cli there = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", url("cut.db"));
        for (String command : List.of("status", "doctor")) {
            Cli.Result said = there.run(command);
            assertThat(said.exit()).as(command).isEqualTo(1);
            assertThat(said.out() + said.err())
                    .as(command)
                    .contains(
                            "unfinished copy of jdbc:sqlite:/the/first.db",
                            "kairos store migrate --from jdbc:sqlite:/the/first.db --to " + url("cut.db"),
                            "to throw the copy away, delete its file");
        }
        try (JobStore half = open(url("cut.db"))) {
            assertThat(half.jobs().find("job_0004").orElseThrow().engine().runCount())
                    .isEqualTo(9);
        }
    }

    @Test
    void aDestinationThatAFailedCopyMadeIsKnownToBeUnfinished() throws Exception {
        Path file = folder.resolve("damaged.db");
        cli.done("store", "backup", file.toString());
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE definitions");
        }
        cli.run("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", url("to.db"))
                .refusedPlainly(1);
        Cli there = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", url("to.db"));
        assertThat(there.run("list").refusedPlainly(1).err()).contains("unfinished copy of jdbc:sqlite:" + file);

        cli.done("store", "migrate", "--to", url("to.db")); // nothing of the other was in it
        assertThat(contents(url("to.db"))).isEqualTo(contents("jdbc:sqlite:cron/state.db"));
        there.done("list");
    }

    @Test
    void whoeverIsKilledBetweenMakingADestinationAndCopyingLeavesAMark() {
        try (JobStore source = open("jdbc:sqlite:cron/state.db")) {
            new CopySource(source, "the source")
                    .openDestination(url("made.db"), folder.resolve("home"), new SystemEnvironment(), () -> {
                        throw new AssertionError("no plug-in is needed");
                    })
                    .close();
        }
        Cli there = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", url("made.db"));
        assertThat(there.run("list").refusedPlainly(1).err()).contains("unfinished copy of the source");
        cli.done("store", "migrate", "--to", url("made.db"));
        there.done("list");
    }

    @Test
    void whatIsWrongWithAStoreIsToldOfTheOptionThatNamesIt() throws IOException {
        Path other = Files.writeString(folder.resolve("notes.db"), "these are notes, not a database\n".repeat(100));
        for (String wrong : List.of(
                "jdbc:sqlite:" + other,
                "jdbc:oracle:x",
                "jdbc:sqlite:",
                "jdbc:sqlite:${NO_SUCH_VARIABLE}",
                "jdbc:postgresql://db/app?sslmode=on")) {
            assertThat(cli.run("store", "migrate", "--to", wrong).err())
                    .as(wrong)
                    .contains("--to")
                    .doesNotContain("store.url");
            assertThat(cli.run("store", "migrate", "--from", wrong, "--to", url("to.db"))
                            .err())
                    .as(wrong)
                    .contains("--from")
                    .doesNotContain("store.url", "--to");
        }
        Cli home = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", "jdbc:oracle:x");
        assertThat(home.run("store", "migrate", "--to", url("to.db")).err()).contains("store.url");
    }

    @Test
    void aHomeThatWorksOnTheDestinationAlreadyIsNotToldToSetIt() throws IOException {
        Path file = folder.resolve("backup.db");
        cli.done("store", "backup", file.toString());
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        String from = "jdbc:sqlite:" + file;
        assertThat(Cli.at(elsewhere)
                        .done("store", "migrate", "--from", from, "--to", "jdbc:sqlite:cron/state.db")
                        .out())
                .contains("start again")
                .doesNotContain("store.url");
        assertThat(Cli.at(elsewhere)
                        .done("store", "migrate", "--from", from, "--to", url("to.db"))
                        .out())
                .contains("Set store.url");
    }

    @Test
    void whatABackupThatWasKilledLeftIsTakenAway() throws IOException {
        for (String ending : List.of("", "-wal", "-shm")) {
            Files.writeString(folder.resolve("backup.db.part" + ending), "rest");
        }
        Cli.Result told =
                cli.done("store", "backup", folder.resolve("backup.db").toString());
        assertThat(told.out()).contains("Not in it: 3 outputs").contains("cron/output");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains(".part"));
        }
    }

    @Test
    void aJobThatCannotBeReadHereIsCopiedAsItIsKept() throws Exception {
        String before =
                "UPDATE definitions SET body = '{\"schedule\": {\"kind\": \"lunar\"}}' WHERE job_id = 'job_0009'";
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve("home").resolve("cron/state.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(before);
        }
        cli.done("store", "migrate", "--to", url("to.db"));
        assertThat(nextOf("job_0009", folder.resolve("to.db")))
                .isPositive()
                .isEqualTo(nextOf("job_0009", folder.resolve("home").resolve("cron/state.db")));
    }

    @Test
    void theDigestTellsWhatAnAgentUsed() {
        String before = contents("jdbc:sqlite:cron/state.db");
        try (JobStore store = open("jdbc:sqlite:cron/state.db")) {
            Execution row = store.ledger().list(ExecutionQuery.newest(1)).get(0);
            Usage usage = Usage.of("big").withTurn(7, 9);
            store.claims()
                    .decide(
                            row.jobId(),
                            view -> Amendment.builder()
                                    .row(row.toBuilder().usage(usage).build())
                                    .build());
        }
        assertThat(contents("jdbc:sqlite:cron/state.db")).isNotEqualTo(before);
    }

    private static long nextOf(String job, Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT next_run_at FROM jobs WHERE id = '" + job + "'")) {
            results.next();
            return results.getLong(1);
        }
    }

    /** A home with a store in which nothing is, so that it could be filled. */
    private Cli bare() {
        Cli bare = Cli.at(folder.resolve("bare"));
        bare.done("add", "every 1h", "say so", "--name", "one");
        bare.done("remove", "one");
        return bare;
    }

    @Test
    void aStoreIsNotCopiedIntoItselfHoweverItIsWritten() throws IOException {
        bare();
        for (String name : List.of("home", "bare")) {
            Path home = folder.resolve(name);
            Path file = home.resolve("cron/state.db");
            Path link = Files.createSymbolicLink(folder.resolve(name + "-link.db"), file);
            Path twin = Files.createLink(folder.resolve(name + "-twin.db"), file);
            String before = contents("jdbc:sqlite:" + file);
            for (String way : List.of(
                    file.toString(),
                    "cron/../cron/state.db",
                    home + "/./cron/state.db",
                    link.toString(),
                    twin.toString())) {
                Cli.Result refused = Cli.at(home).run("store", "migrate", "--to", "jdbc:sqlite:" + way);
                assertThat(refused.refusedPlainly(2).err()).as(way).contains("the two stores are the same", "--to");
                assertThat(Cli.at(home)
                                .run("store", "migrate", "--from", "jdbc:sqlite:" + way, "--to", "jdbc:sqlite:" + file)
                                .exit())
                        .isEqualTo(2);
            }
            assertThat(contents("jdbc:sqlite:" + file)).isEqualTo(before);
            Cli.at(home).done("list");
        }
    }

    @Test
    void aCopyOfTheFileIsKnownToBeTheSameStore() throws IOException {
        Cli bare = bare();
        Files.copy(folder.resolve("bare/cron/state.db"), folder.resolve("copied.db"));
        assertThat(bare.run("store", "migrate", "--to", url("copied.db"))
                        .refusedPlainly(2)
                        .err())
                .contains("the two stores are the same, written in two ways");
        try (JobStore copied = open(url("copied.db"))) {
            assertThat(copied.ledger().facts("copy")).isEmpty();
        }
    }

    @Test
    void noFolderIsMadeForASlipOfThePen() {
        Path missing = folder.resolve("missing");
        assertThat(cli.run("store", "backup", missing + "/x.db")
                        .refusedPlainly(1)
                        .err())
                .contains("there is no folder " + missing);
        assertThat(cli.run("store", "migrate", "--to", "jdbc:sqlite:" + missing + "/x.db")
                        .refusedPlainly(1)
                        .err())
                .contains("there is no folder " + missing);
        String file = folder.resolve("home/cron/state.db").toString();
        Cli.Result refused =
                Cli.at(missing).run("store", "migrate", "--from", "jdbc:sqlite:" + file, "--to", url("to.db"));
        assertThat(refused.refusedPlainly(3).err()).contains("there is no home at " + missing, "KAIROS_HOME");
        assertThat(missing).doesNotExist();
        assertThat(folder.resolve("to.db")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsNamedByTheSettingThatLeadsToIt() throws IOException {
        Path missing = folder.resolve("missing.db");
        Cli variable = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", "jdbc:sqlite:" + missing);
        assertThat(variable.run("store", "check").refusedPlainly(3).err())
                .contains("there is no store at " + missing, "named by environment variable KAIROS_STORE_URL");
        Path config = folder.resolve("home/config.yaml");
        Files.writeString(config, "store: {url: 'jdbc:sqlite:missing.db'}\n");
        assertThat(cli.run("store", "backup", folder.resolve("b.db").toString())
                        .refusedPlainly(3)
                        .err())
                .contains(folder.resolve("home/missing.db").toString(), "named by " + config + ", store.url");
        assertThat(Cli.at(folder.resolve("nobody"))
                        .run("store", "check")
                        .refusedPlainly(3)
                        .err())
                .contains("there is no store at " + folder.resolve("nobody"));
    }

    @Test
    void aUrlOfAFileThatGivesAPasswordIsRefusedAndNotRepeated() {
        String url = "jdbc:sqlite:" + folder.resolve("to.db") + ";password=hunter2";
        Cli home = Cli.at(folder.resolve("home")).variable("KAIROS_STORE_URL", url);
        for (String command :
                List.of("list", "status", "doctor", "store check", "store migrate --to jdbc:sqlite:x.db")) {
            Cli.Result refused = home.run(command.split(" "));
            assertThat(refused.exit()).as(command).isNotZero();
            assertThat(refused.out() + refused.err())
                    .as(command)
                    .contains("behind a semicolon")
                    .doesNotContain("hunter2");
        }
        assertThat(cli.run("store", "migrate", "--to", url).refusedPlainly(2).err())
                .doesNotContain("hunter2");
        assertThat(cli.run("store", "migrate", "--to", "jdbc:sqlite:")
                        .refusedPlainly(2)
                        .err())
                .contains("names no file");
        assertThat(folder.resolve("to.db")).doesNotExist();
    }

    @Test
    void aUrlThatCannotBeFilledInIsToldOnce() {
        Cli wrong = Cli.at(folder.resolve("home"))
                .variable("KAIROS_STORE_URL", "jdbc:postgresql://db/app?password=${file:/no/such/file}");
        for (String command : List.of("list", "status")) {
            assertThat(wrong.run(command).refusedPlainly(2).err())
                    .contains("KAIROS_STORE_URL", "no such file")
                    .doesNotContain("standard value");
        }
        Cli.Result examined = wrong.run("doctor");
        assertThat(examined.out()).containsOnlyOnce("no such file");
        assertThat(examined.err()).isEmpty();
    }

    @Test
    void aDamagedFileIsToldWhatSqliteFindsInIt() throws IOException {
        Path backup = folder.resolve("backup.db");
        cli.done("store", "backup", backup.toString());
        Path file = folder.resolve("home/cron/state.db");
        Files.copy(backup, file, StandardCopyOption.REPLACE_EXISTING);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4 * 4_096, 14 * 4_096, (byte) 0x5a);
        Files.write(file, bytes);

        Cli.Result told = cli.run("store", "check");
        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.lines()).hasSizeLessThan(14).anyMatch(line -> line.matches("The database says: .*page 5.*"));
        assertThat(told.out())
                .contains("There is more like this.", "keep a copy of " + file, "kairos store migrate --from");
        assertThat(cli.run("store", "check", "--json").json().get("wrong"))
                .asString()
                .contains("page 5");
        assertThat(cli.run("list").refusedPlainly(1).err()).contains("is damaged", "kairos store check");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void anOutputThatABackupNeverHeldIsNotSaidToBeTooOld() throws IOException {
        Path backup = folder.resolve("backup.db");
        cli.done("store", "backup", backup.toString());
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Cli there = Cli.at(elsewhere);
        there.done("store", "migrate", "--from", "jdbc:sqlite:" + backup, "--to", "jdbc:sqlite:cron/state.db");
        assertThat(there.done("output", "job_0001").out())
                .as("read in the home that ran it")
                .contains("said");
        try (JobStore store = open("jdbc:sqlite:" + elsewhere.resolve("cron/state.db"))) { // as on another machine
            store.ledger()
                    .facts("output-home ")
                    .forEach((name, home) -> store.ledger().keepFact(name, Optional.of(home), Optional.empty()));
        }
        try (Stream<Path> files = Files.walk(elsewhere.resolve("cron/output"))) {
            files.filter(Files::isRegularFile).forEach(file -> file.toFile().delete());
        }
        assertThat(there.run("output", "job_0001").refusedPlainly(3).err())
                .contains("is not here", elsewhere.resolve("cron/output").toString(), "backup")
                .doesNotContain("newest 50");

        String old;
        try (JobStore store = open("jdbc:sqlite:" + elsewhere.resolve("cron/state.db"))) {
            Execution first =
                    store.ledger().list(ExecutionQuery.ofJob("job_0001", 1)).get(0);
            old = first.id();
            Amendment.Builder later = Amendment.builder();
            for (int i = 0; i < 50; i++) {
                Instant at = first.scheduledAt().plusSeconds(i + 1);
                later.row(Execution.builder("later" + i, "job_0001", at)
                        .status(ExecutionStatus.OK)
                        .finishedAt(at)
                        .output("job_0001/2027-01-15_08-00-00-later" + i + ".md")
                        .build());
            }
            store.claims().decide("job_0001", view -> later.build());
        }
        assertThat(there.run("output", "job_0001", "--execution", old)
                        .refusedPlainly(3)
                        .err())
                .contains("is gone: the newest 50");
    }

    @Test
    void wrongWordsAreRefusedPlainly() {
        cli.run("store").refusedPlainly(2);
        cli.run("store", "frob").refusedPlainly(2);
        cli.run("store", "backup").refusedPlainly(2);
        cli.run("store", "migrate").refusedPlainly(2);
        cli.run("store", "migrate", "--to", "jdbc:oracle:x").refusedPlainly(2);
        cli.run("store", "migrate", "--to", "memory:").refusedPlainly(2);
    }
}
