package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.terminal.Json;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that run jobs, on SQLite and the machine's own clock. */
class FiringCommandsTest {
    @TempDir
    Path folder;

    private Path home;
    private Cli cli;

    @BeforeEach
    void aHomeWithAScript() throws IOException {
        home = folder.resolve("home");
        cli = Cli.at(home);
        script("beat.sh", "echo \"$KAIROS_SCHEDULED_AT\" >> \"$(dirname \"$0\")/../beats\"; echo hello");
    }

    private void script(String name, String text) throws IOException {
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts").resolve(name), text + "\n");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Cli.Result result, String key) {
        return (Map<String, Object>) result.json().get(key);
    }

    private String add(String... more) {
        String[] words = new String[more.length + 4];
        words[0] = "add";
        words[1] = "--json";
        words[2] = "--no-agent";
        words[3] = "--script=beat.sh";
        System.arraycopy(more, 0, words, 4, more.length);
        return String.valueOf(part(cli.done(words), "job").get("id"));
    }

    @Test
    void runRunsHereWhenNoDaemonLivesAndTheOutputIsKept() throws IOException {
        add("every 2h", "--name", "beat");

        Cli.Result result = cli.done("run", "beat", "--wait", "--json");

        assertThat(part(result, "execution")).containsEntry("status", "ok").containsEntry("trigger", "request");
        assertThat(result.json()).containsEntry("here", true);
        assertThat(cli.done("output", "beat", "--message").out()).isEqualTo("hello\n");
        assertThat(cli.done("runs", "beat").out()).contains("ok");
        assertThat(Files.readAllLines(home.resolve("beats"))).hasSize(1);
        assertThat(cli.done("show", "beat").out()).contains("last run", "ok");
    }

    @Test
    void aFailedRunIsAnExitCodeAndAFinding() throws IOException {
        script("bad.sh", "echo oh no >&2; exit 3");
        String id = add("every 2h");
        cli.done("edit", id, "--script", "bad.sh");

        assertThat(cli.run("run", id, "--wait").exit()).isEqualTo(1);
        Cli.Result doctor = cli.run("doctor", "--json");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out()).contains("Failed runs", id);
    }

    @Test
    void whatWaitsBeforeARequestRunsFirstAndTheRequestIsNotLeftBehind() throws IOException {
        String id = add("every 1s", "--paused");
        cli.done("resume", id);
        cli.done("pause", id);
        Awaitility.await().pollDelay(Duration.ofMillis(2_500)).until(() -> true); // what it misses meanwhile
        cli.done("resume", id, "--catch-up");
        cli.done("edit", id, "--schedule", "every 2h");
        assertThat(cli.done("runs", id).out()).contains("queued");

        Cli.Result run = cli.done("run", id, "--wait");

        assertThat(run.out()).contains("What waited before it runs here first", "It ended ok");
        assertThat(Files.readAllLines(home.resolve("beats"))).hasSize(2);
        assertThat(cli.done("runs", id, "--json").out()).doesNotContain("requested", "cancelled");
    }

    @Test
    void aHandlerJobThatNobodyCanRunIsWithdrawn() {
        String id = String.valueOf(part(cli.done("add", "--json", "every 2h", "--handler", "reindex"), "job")
                .get("id"));

        assertThat(cli.run("run", id).refusedPlainly(1).err()).contains("handler:reindex", "withdrawn");
        assertThat(cli.done("runs", id, "--json").out()).contains("cancelled", "nobody able");
    }

    @Test
    void fireClaimsOnlyWhatIsDue() {
        String id = add("every 2h");

        Cli.Result result = cli.run("fire", id, "--json");
        assertThat(result.exit()).isEqualTo(4);
        assertThat(result.json()).containsEntry("claimed", false).containsEntry("reason", "not_due");
        cli.run("fire", "nobody").refusedPlainly(3);
    }

    @Test
    void fireSaysInWordsWhyNothingWasClaimedAndWhatWaits() throws IOException {
        assertThat(cli.run("fire", add("every 2h")).out())
                .contains("Nothing was claimed: no occurrence of it is due. Due next: ");
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(HealthHome.beat().build(), EngineState.fresh());
            assertThat(cli.run("fire", "beat1").out())
                    .contains("Nothing was claimed: the job is ", ", and no occurrence of it comes.")
                    .doesNotContain("not_enabled", "Another run");

            health.row(Execution.builder("r1", "beat1", health.now().minusSeconds(60))
                    .attempt(2)
                    .status(ExecutionStatus.RETRY)
                    .dueAt(health.now().minusSeconds(50))
                    .build());
            assertThat(cli.run("fire", "beat1").out()).contains("Another run of it waits (retry, due ", "kairos tick");
        }
    }

    @Test
    void fireTellsWhatRanFromWhatItClaimedInVain() throws IOException {
        importDueJobs(3);
        assertThat(cli.done("fire", "job_0").out()).contains("ended ok");
        script("beat.sh", "exit 3");
        assertThat(cli.done("fire", "job_1").out()).contains("ended error");
        Files.delete(home.resolve("scripts").resolve("beat.sh"));

        Cli.Result blocked = cli.run("fire", "job_2");
        assertThat(blocked.exit()).isEqualTo(1);
        assertThat(blocked.out()).contains("ended blocked_config", "there is no file");
    }

    @Test
    void aJobsOwnRunFiresNothingAndLeavesJobsJsonAlone() throws IOException {
        importDueJobs(1);
        Path file = home.resolve("cron").resolve("jobs.json");
        Files.writeString(file, "{\"jobs\": [oops");
        Cli within = Cli.at(home).variable("KAIROS_CRON_SESSION", "1");

        assertThat(within.run("fire", "job_0").refusedPlainly(1).err()).contains("an agent's run");
        assertThat(within.run("export").refusedPlainly(1).err()).contains("an agent's run");

        assertThat(home.resolve("beats")).doesNotExist();
        assertThat(file).hasContent("{\"jobs\": [oops");
        assertThat(within.done("export", "-").out()).contains("job_0");
        within.done("export", folder.resolve("copy.json").toString());
        Cli.at(folder.resolve("nowhere")).run("fire", "job_0").refusedPlainly(3);
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void tickFiresWhatIsDueOnceAndSaysSo() throws IOException {
        importDueJobs(3);

        Map<String, Object> first = cli.done("tick", "--json").json();
        Map<String, Object> second = cli.done("tick", "--json").json();

        assertThat((List<?>) first.get("fired")).hasSize(3);
        assertThat((List<?>) second.get("fired")).isEmpty();
        assertThat(Files.readAllLines(home.resolve("beats"))).hasSize(3);
    }

    @Test
    void aThousandJobsDueAtOnceAllRunOnce() throws IOException {
        script("beat.sh", ":");
        int count = Boolean.getBoolean("kairos.soak") ? 1_000 : 100;
        importDueJobs(count);
        Object revision = jobsFile().get("revision");

        Map<String, Object> report = cli.done("tick", "--json").json();

        assertThat((List<?>) report.get("fired")).hasSize(count).doesNotHaveDuplicates();
        List<?> runs =
                (List<?>) cli.done("runs", "--json", "--limit", "10000").json().get("runs");
        assertThat(runs.stream().map(run -> ((Map<?, ?>) run).get("job")).toList())
                .hasSize(count)
                .doesNotHaveDuplicates();
        assertThat(jobsFile()).as("a fire changes no definition").containsEntry("revision", revision);
    }

    private Map<String, Object> jobsFile() throws IOException {
        return Json.object("jobs.json", Files.readString(home.resolve("cron").resolve("jobs.json")));
    }

    /** Jobs in another tool's form whose next run has just passed. */
    private void importDueJobs(int count) throws IOException {
        StringBuilder jobs = new StringBuilder("{\"jobs\":[");
        for (int i = 0; i < count; i++) {
            jobs.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"job_")
                    .append(i)
                    .append("\",\"name\":\"j")
                    .append(i)
                    .append("\",\"schedule\":\"every 30d\",\"script\":\"beat.sh\",\"no_agent\":true,\"next_run\":\"")
                    .append(new SystemEnvironment().now().minusSeconds(30))
                    .append("\"}");
        }
        Path file = Files.writeString(
                folder.resolve("others.json"), jobs.append("]}").toString());
        assertThat((List<?>)
                        cli.done("import", file.toString(), "--json").json().get("created"))
                .hasSize(count);
    }

    @Test
    void importAndExportCarryTheJobs() throws IOException {
        add("every 2h", "--name", "beat");
        Path file = folder.resolve("jobs.json");

        cli.done("export", file.toString());
        Cli other = Cli.at(folder.resolve("other"));
        other.done("import", file.toString());

        assertThat(other.done("list").out()).contains("beat");
        assertThat(Json.object("export", other.done("export", "-").out())).containsKey("jobs");
        assertThat(other.done("import", file.toString()).out()).contains("passed over 1");
        other.run("import", folder.resolve("none.json").toString()).refusedPlainly(3);
    }

    @Test
    void aHandEditOfJobsJsonIsTakenIn() throws IOException {
        add("every 2h", "--name", "beat");
        Path file = home.resolve("cron").resolve("jobs.json");

        Files.writeString(file, Files.readString(file).replace("\"beat\"", "\"renamed\""));

        assertThat(cli.done("list").out()).contains("renamed");
    }

    @Test
    void aDamagedJobsJsonIsLeftAloneAndSaid() throws IOException {
        add("every 2h", "--name", "beat");
        Path file = home.resolve("cron").resolve("jobs.json");
        Files.writeString(file, "{\"jobs\": [oops");

        Cli.Result list = cli.done("list");
        assertThat(list.out()).contains("beat");
        assertThat(list.err()).contains("jobs.json");
        assertThat(Files.readString(file)).isEqualTo("{\"jobs\": [oops");
        assertThat(cli.run("doctor").exit()).isEqualTo(1);
    }

    @Test
    void aTargetThatNothingDeliversToIsRefused() {
        assertThat(cli.run("add", "every 2h", "--script", "beat.sh", "--no-agent", "--deliver", "telegrm:1")
                        .refusedPlainly(2)
                        .err())
                .contains("telegrm");
        assertThat(add("every 2h", "--deliver", "local,console")).isNotEmpty();
    }

    @Test
    void statusIsUnhealthyWithoutADaemon() {
        add("every 2h");

        Cli.Result status = cli.run("status", "--json");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.json()).containsEntry("healthy", false).containsEntry("jobs", 1);
        assertThat(cli.run("status").out()).contains("kairos serve");
    }

    @Test
    void doctorNamesAMissingScriptAndWhatToDo() throws IOException {
        String id = add("every 2h");
        Files.delete(home.resolve("scripts").resolve("beat.sh"));

        assertThat(cli.run("doctor").out()).contains(id, "there is no file", "kairos serve");
    }

    @Test
    void providersListsTheBuiltInOne() {
        assertThat(cli.done("providers").out()).contains("builtin", "yes");
        assertThat(cli.variable("KAIROS_CRON_PROVIDER", "chronoss")
                        .done("providers")
                        .out())
                .contains("chronoss", "built-in ticker");
    }

    @Test
    void quickstartShowsThreeFiresAndLeavesNothing() {
        Cli.Result result = cli.done("quickstart");

        assertThat(result.out())
                .contains("fire 1:", "fire 2:", "fire 3:", "disk:", "memory:", "kairos serve", "Cleaned up");
        assertThat(home.resolve("cron")).doesNotExist();
    }
}
