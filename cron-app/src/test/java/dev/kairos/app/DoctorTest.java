package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each trouble doctor knows, what it says to do about it, and that it changes nothing. */
class DoctorTest {
    private static final Duration LATER = Duration.ofMinutes(30);
    private static final String ALIVE = "{\"alive\": NOW, \"last_clean\": NOW, \"started\": NOW, \"interval\": 60";

    @TempDir
    Path folder;

    private Path home;
    private Cli cli;
    private HealthHome health;

    @BeforeEach
    void aHomeWithAScript() throws IOException {
        home = folder.resolve("home");
        cli = Cli.at(home);
        health = new HealthHome(home, Map.of());
        health.script("beat.sh", "echo hello\n");
    }

    @AfterEach
    void close() {
        health.close();
    }

    private String doctor() {
        Cli.Result result = cli.run("doctor");
        assertThat(result.exit()).as(result.out()).isEqualTo(1);
        return result.out();
    }

    @Test
    void aHomeInOrderHasNoFindings() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.node(ALIVE + ", \"abilities\": [\"script\"]}");
        health.delivery("e1", EnvelopeState.FAILED, Duration.ofHours(2));
        health.delivery("e2", EnvelopeState.DELIVERED, Duration.ofHours(1));

        assertThat(cli.done("doctor").out()).contains("Nothing is wrong");
    }

    @Test
    void whatAnAgentsJobLacksIsNamedWithWhatToDo() throws IOException {
        Files.writeString(
                home.resolve("config.yaml"),
                String.join(
                        "\n",
                        "agent:",
                        "  default: main",
                        "  defalt: main",
                        "  models:",
                        "    main: { api: openai, model: big }",
                        "    small: { api: openai, base_url: \"http://127.0.0.1:1/v1\" }",
                        "    local: { api: openai, base_url: \"http://127.0.0.1:1/v1\", model: m }",
                        "    typo: { api: openai, base_ulr: \"http://127.0.0.1:1/v1\", key: k, model: m }",
                        "    half: { api: openai, base_url: \"127.0.0.1:1/v1\", model: m, price_in: lots }",
                        "  mcp_servers:",
                        "    wiki: { token: t }",
                        "    files: { command: [files] }",
                        ""));
        health.close();
        agent("keyless", "--tools", "files.*");
        agent("nameless", "--tools", "files.*", "--model", "small");
        agent("stranger", "--tools", "files.*", "--model", "nobody");
        agent("ready", "--tools", "files.*", "--model", "local");
        agent("misspelled", "--tools", "files.*,nobodys.tool", "--model", "typo");
        agent("unread", "--tools", "files.*", "--model", "half");
        agent("measureless", "--tools", "files.*", "--model", "local", "--budget", "{\"cost_per_day\": 1}");
        agent("apprentice", "--model=local", "--skills=absent", "--workdir=/no/such/folder", "--tools=wiki.search");

        String said = doctor();

        assertThat(said)
                .contains("\"keyless\": the model entry main has no key", "set agent.models.main.key")
                .contains("\"nameless\": the model entry small names no model", "set agent.models.small.model")
                .contains("\"stranger\": the job's model is \"nobody\"", "correct the job, or add the entry")
                .contains("\"apprentice\": these skills are missing: absent", "put each into skills/NAME/SKILL.md")
                .contains("\"apprentice\": the tool server wiki has neither a command nor a url")
                .contains("\"apprentice\": its working folder /no/such/folder is gone")
                .contains("\"misspelled\": agent.models.typo.base_ulr is no known key")
                .contains("\"misspelled\": no server of agent.mcp_servers offers the tool nobodys.tool")
                .contains("\"unread\": agent.models.half.price_in: not an amount (given: \"lots\")")
                .contains("    digits and a point, for example 0.25.")
                .contains("\"measureless\": nothing says what the model entry local costs")
                .contains("\"ready\": agent.defalt is no known key");
    }

    private void agent(String name, String... flags) {
        List<String> words = new ArrayList<>(List.of("add", "every 1d", "Look.", "--name", name));
        words.addAll(List.of(flags));
        cli.done(words.toArray(String[]::new));
    }

    @Test
    void itChangesNothing() throws IOException {
        health.close();
        String id = String.valueOf(
                ((Map<?, ?>) cli.done("add", "every 2h", "--script=beat.sh", "--no-agent", "--name=old", "--json")
                                .json()
                                .get("job"))
                        .get("id"));
        Path file = home.resolve("cron").resolve("jobs.json");
        String edited = Files.readString(file).replace("\"old\"", "\"new\"");
        Files.writeString(file, edited);
        doctor();
        assertThat(file).hasContent(edited);
        Files.delete(file);
        doctor();

        assertThat(file).as("a missing file is not written again").doesNotExist();
        health = new HealthHome(home, Map.of());
        assertThat(health.runtime().jobs().find(id).definition().name()).isEqualTo("old");
    }

    @Test
    void itMakesNoStore() throws IOException {
        health.close();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwx------"));

        assertThat(Cli.at(empty).done("doctor").out()).contains("Nothing is wrong");
        assertThat(empty.resolve("cron")).doesNotExist();
        assertThat(empty.resolve("scripts")).doesNotExist();
    }

    @Test
    void aDeliveryThatFailedOrWhoseFateIsUnknownIsNamedUntilALaterOneArrives() {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.delivery("e1", EnvelopeState.DELIVERED, Duration.ofHours(3));
        health.delivery("e2", EnvelopeState.FAILED, Duration.ofHours(2));
        assertThat(doctor()).contains("Deliveries", "given up: 503 try later", "kairos output beat1 --execution e2");

        health.delivery("e3", EnvelopeState.UNKNOWN, Duration.ofHours(1));
        assertThat(doctor()).contains("nobody knows whether").doesNotContain("given up");
    }

    @Test
    void aRunThatFailedIsNamed() {
        EngineState.LastRun failed = EngineState.LastRun.NONE.toBuilder()
                .at(Optional.of(health.now()))
                .status(Optional.of("timed_out"))
                .error(Optional.of("it ran longer than 1h"))
                .build();
        health.job(
                HealthHome.beat().build(),
                health.dueIn(LATER).toBuilder().lastRun(failed).build());

        assertThat(doctor()).contains("Failed runs", "timed_out: it ran longer than 1h", "kairos run beat1 --wait");
    }

    @Test
    void aRunThatLeftNoOutputIsNotSaidToHaveSaidSomething() {
        EngineState.LastRun died = EngineState.LastRun.NONE.toBuilder()
                .at(Optional.of(health.now()))
                .status(Optional.of("unknown"))
                .error(Optional.of("its node died"))
                .build();
        health.job(
                HealthHome.beat().build(),
                health.dueIn(LATER).toBuilder().lastRun(died).build());
        Execution row = Execution.builder("u1", "beat1", health.now().minusSeconds(60))
                .status(ExecutionStatus.UNKNOWN)
                .finishedAt(health.now())
                .build();
        health.row(row);
        assertThat(doctor()).contains("it left no output; kairos runs beat1").doesNotContain("kairos output");

        health.row(row.toBuilder().output("2027-01-15_08-00-00-u1.md").build());
        assertThat(doctor()).contains("kairos output beat1 shows what it said");
    }

    @Test
    void whatIsOverdueByMoreThanAQuarterOfAnHourIsNamedUnlessItIsPaused() {
        health.job(HealthHome.beat().build(), health.dueIn(Duration.ofMinutes(-16)));
        assertThat(doctor()).contains("Overdue", "due for 16m", "kairos status");

        health.runtime().jobs().pause("beat1", Optional.empty());
        assertThat(cli.run("doctor").out()).doesNotContain("Overdue");
    }

    @Test
    void aWaitingRowThatNobodyTakesIsOverdueToo() {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        Execution retry = Execution.builder("r1", "beat1", health.now().minusSeconds(3_600))
                .attempt(2)
                .status(ExecutionStatus.RETRY)
                .dueAt(health.now().minusSeconds(3_000))
                .build();
        health.row(retry);

        assertThat(doctor()).contains("Overdue", "a run of it (retry) has been due for 50m");
    }

    @Test
    void aScriptOutsideOrNotRunnableAndAWorkdirThatIsGoneAreNamed() throws IOException {
        health.script("beat.rb", "puts 1\n");
        health.job(
                HealthHome.beat()
                        .set(JobField.SCRIPT, "beat.rb")
                        .set(JobField.WORKDIR, folder.resolve("gone").toString())
                        .build(),
                health.dueIn(LATER));
        assertThat(doctor()).contains("nothing says how to run it", "working folder", "--no-workdir");

        Files.delete(home.resolve("scripts").resolve("beat.rb"));
        Path outside = Files.writeString(folder.resolve("outside.rb"), "puts 1\n");
        Files.createSymbolicLink(home.resolve("scripts").resolve("beat.rb"), outside);
        assertThat(doctor()).contains("it lies outside the scripts folder");
    }

    @Test
    void aTargetThatNothingSendsToIsNamed() {
        health.job(
                HealthHome.beat()
                        .set(JobField.DELIVER, List.of("console", "pigeon:loft"))
                        .set(JobField.FAILURE_DELIVER, List.of("raven"))
                        .build(),
                health.dueIn(LATER));

        assertThat(doctor())
                .contains("Targets", "pigeon:loft", "delivery.pigeon", "raven", "--failure-deliver")
                .doesNotContain("sent to console");
    }

    @Test
    void aTargetIsJudgedByWhatLiveNodesSendTo() throws IOException {
        health.job(
                HealthHome.beat()
                        .set(JobField.DELIVER, List.of("console", "pigeon:loft", "raven:tower", "local"))
                        .build(),
                health.dueIn(LATER));
        health.node(ALIVE + ", \"abilities\": [\"script\"], \"platforms\": [\"console\", \"pigeon\"]}");
        assertThat(doctor())
                .contains("nothing can be sent to raven:tower, no live node has the platform \"raven\"")
                .doesNotContain("sent to pigeon", "sent to console", "sent to local");

        health.node(ALIVE + ", \"abilities\": [\"script\"], \"platforms\": [\"pigeon\", \"raven\"]}");
        assertThat(doctor()).contains("sent to console, no live node").doesNotContain("raven");

        health.node(ALIVE + "}");
        assertThat(cli.done("doctor").out()).contains("Nothing is wrong");
    }

    @Test
    void workThatNoLiveNodeCanRunIsNamed() throws IOException {
        health.job(HealthHome.beat().set(JobField.HANDLER, "reindex").build(), health.dueIn(LATER));
        health.node(ALIVE + ", \"abilities\": [\"script\", \"handler:other\"]}");

        assertThat(doctor())
                .contains("Work nobody can run", "no live node can run it", "handler:reindex", "registers the handler");
        health.runtime().stop();
        assertThat(doctor())
                .contains("nothing here can run it; it needs handler:reindex", "registers the handler")
                .contains("no daemon lives on this home");
    }

    @Test
    void messagesThatNoLiveNodeCanDeliverAreNamedByPlatform() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.waiting("e1", "pigeon:loft", Duration.ofHours(1));
        health.waiting("e2", "pigeon:yard", Duration.ofHours(2));
        health.waiting("e3", "console", Duration.ofHours(1));
        health.waiting("e4", "raven", Duration.ofHours(1));

        assertThat(doctor()).contains("2 messages wait for pigeon since", "nothing here delivers there");
        health.node(ALIVE + ", \"abilities\": [\"script\"], \"platforms\": [\"console\", \"raven\"]}");
        assertThat(doctor())
                .contains(
                        "Messages nobody can deliver",
                        "2 messages wait for pigeon since",
                        "no live node delivers there")
                .contains("delivery.pigeon")
                .doesNotContain("for console", "for raven");
    }

    @Test
    void aNodeThatDoesNotSayWhatItCanDoMayDeliverAnywhere() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.waiting("e1", "pigeon:loft", Duration.ofHours(1));
        health.node(ALIVE + "}");

        assertThat(cli.done("doctor").out()).contains("Nothing is wrong");
    }

    @Test
    void aThreadThatWasGivenUpNamesItsJob() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.node(ALIVE + ", \"pid\": 42, \"stuck_jobs\": [\"beat1\"]}");

        assertThat(doctor()).contains("Stuck runs", "beat1", "was given up", "restart the daemon (pid 42)");
    }

    @Test
    void aNodeThatFiresWithAnotherProviderThanAskedSaysWhy() throws IOException {
        health.node(ALIVE + ", \"provider_asked\": \"quartz\", \"fallback_reason\": \"its jar is not here\"}");

        assertThat(doctor()).contains("instead of quartz: its jar is not here");
    }

    @Test
    void aClockThatWasWrongIsSeenInJobsAndInHeartbeats() throws IOException {
        health.job(
                HealthHome.beat().build(),
                health.dueIn(Duration.ofDays(800)).toBuilder()
                        .lastScheduledAt(Optional.of(health.now().plus(Duration.ofDays(799))))
                        .build());
        health.node("{\"alive\": 4000000000}");

        assertThat(doctor())
                .contains(
                        "Clock and zone", "kairos resume beat1 --reset", "in the future", "check the machine's clock");
    }

    @Test
    void aNodeThatIsStalledIsNamed() throws IOException {
        health.node("{\"alive\": 1000000000, \"pid\": 42, \"interval\": 60}");

        assertThat(doctor()).contains("is stalled", "restart the daemon (pid 42)");
    }

    @Test
    void whatOthersMayReadIsNamed() throws IOException {
        Files.writeString(home.resolve("config.yaml"), "cron:\n  interval: 60s\n");
        Files.setPosixFilePermissions(home.resolve("config.yaml"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(doctor()).contains("Permissions", "chmod 600", "config.yaml");
    }

    @Test
    void aStoreThatCannotBeReadIsNamed() throws IOException {
        health.close();
        for (String name : List.of("state.db-wal", "state.db-shm")) {
            Files.deleteIfExists(home.resolve("cron").resolve(name));
        }
        Files.writeString(
                home.resolve("cron").resolve("state.db"), "this is no database, whatever its name says".repeat(100));

        assertThat(doctor())
                .contains("state.db is no SQLite file", "  put a backup in its place, move it away")
                .doesNotContain("owner and permissions");
    }

    @Test
    void aDamagedStoreIsToBeRestored() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        health.close();
        Path file = home.resolve("cron").resolve("state.db");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);

        assertThat(doctor())
                .contains("state.db is damaged", "restore a backup or move it away")
                .doesNotContain("owner and permissions", "chmod");
    }

    @Test
    void aFolderInAFilesPlaceIsNoMatterOfRights() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        Path jobs = home.resolve("cron").resolve("jobs.json");
        Files.deleteIfExists(jobs);
        Files.createDirectory(jobs);
        assertThat(doctor())
                .contains("jobs.json is a folder, not a file", "move it aside: mv " + jobs)
                .doesNotContain("chmod", "permissions");

        health.close();
        Path store = home.resolve("cron").resolve("state.db");
        Files.delete(store);
        assertThat(doctor()).contains("jobs.json is a folder, not a file").doesNotContain("chmod", "mirrors is gone");
        Files.createDirectory(store);
        assertThat(doctor())
                .contains("state.db cannot be opened", "it must be a file in a folder")
                .doesNotContain("chmod", "check the owner");
    }

    @Test
    void aCopyOfAnEditIsToldFromOneOfADamagedFile() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        Path cron = home.resolve("cron");
        Path edit = Files.writeString(cron.resolve("jobs.json.conflict-20270115T080000Z"), "[]");
        Path damaged = Files.writeString(cron.resolve("jobs.json.conflict-20270115T080001Z"), "{\"jobs\": 3}");

        assertThat(doctor())
                .contains(edit + " holds an edit that met a newer one")
                .contains(damaged + " is a jobs.json that could not be read");
    }

    @Test
    void aDamagedJobsFileIsNamedAndLeft() throws IOException {
        health.job(HealthHome.beat().build(), health.dueIn(LATER));
        Files.writeString(home.resolve("cron").resolve("jobs.json"), "{\"jobs\": [");

        assertThat(doctor()).contains("jobs.json", "stay in force", "kairos export");
        assertThat(home.resolve("cron").resolve("jobs.json")).hasContent("{\"jobs\": [");
    }

    @Test
    void aJobThatCannotBeReadHereIsShownWithItsReason() {
        Map<String, Object> tree = new LinkedHashMap<>(HealthHome.beat().build().toMap());
        tree.put("schedule", Map.of("kind", "cron", "expr", "0 9 * * *", "timezone", "Mars/Olympus_Mons"));
        health.job(JobDefinition.fromStore(tree), health.dueIn(LATER));
        String id = "beat1";

        assertThat(doctor()).contains("cannot be read", "Mars/Olympus_Mons", "kairos edit " + id);
        assertThat(cli.done("list").out()).contains(id, "error");
        assertThat(cli.done("show", id).out()).contains("error", "cannot be read", "Mars/Olympus_Mons");
        assertThat(cli.run("run", id).err()).contains("Mars/Olympus_Mons");
        cli.done("edit", id, "--schedule", "every 2h");
        assertThat(cli.done("show", id).out()).contains("scheduled").doesNotContain("Mars");
    }
}
