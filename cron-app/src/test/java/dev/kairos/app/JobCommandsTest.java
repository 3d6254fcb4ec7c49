package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.TextWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCommandsTest {
    @TempDir
    Path folder;

    private Path home;
    private Cli cli;

    @BeforeEach
    void open() {
        home = folder.resolve("home");
        cli = Cli.at(home).variable("KAIROS_STORE_URL", SharedMemoryStores.URL);
    }

    private String add(String name) {
        return addedId(cli.done("add", "--json", "every 2h", "--script", "beat.sh", "--no-agent", "--name", name));
    }

    private static String addedId(Cli.Result result) {
        return String.valueOf(job(result).get("id"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> job(Cli.Result result) {
        return (Map<String, Object>) result.json().get("job");
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> listed(String... more) {
        String[] words = new String[more.length + 2];
        words[0] = "list";
        words[1] = "--json";
        System.arraycopy(more, 0, words, 2, more.length);
        return (List<Map<String, Object>>) cli.done(words).json().get("jobs");
    }

    @Test
    void addEchoesWhatWasUnderstoodAndThatNothingFires() {
        Cli.Result result = cli.done(
                "add",
                "weekdays at 9am",
                "--script",
                "beat.sh",
                "--no-agent",
                "--tz",
                "Europe/Warsaw",
                "--name",
                "beat");

        assertThat(result.out())
                .contains("Added", "\"beat\"", "0 9 * * MON-FRI", "[Europe/Warsaw]")
                .contains("At 09:00 every day from Monday to Friday")
                .contains("09:00:00+0")
                .contains("kairos serve");
        assertThat(listed()).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyListMayBeRepeatedOrWrittenWithCommas() {
        Cli.Result added = cli.done(
                "add",
                "every 2h",
                "sum up",
                "--json",
                "--context-from",
                "abcd1, abcd2",
                "--context-from",
                "abcd3",
                "--tools",
                "read,write",
                "--tags",
                "a,b");
        Map<String, Object> job = (Map<String, Object>) added.json().get("job");

        assertThat(job)
                .containsEntry("context_from", List.of("abcd1", "abcd2", "abcd3"))
                .containsEntry("tools", List.of("read", "write"))
                .containsEntry("tags", List.of("a", "b"));
    }

    @Test
    void addAndEditSayWhatIsNotThereYet() {
        assertThat(cli.done("add", "every 2h", "--handler", "foo").out())
                .contains("nothing here can run it: it needs handler:foo", "registers the handler");
        String id = add("beat");
        assertThat(cli.done("edit", id, "--script", "nope.sh", "--workdir", "/nonexistent")
                        .out())
                .contains("There is no " + home.resolve("scripts").resolve("nope.sh") + " yet")
                .contains("There is no /nonexistent yet; make the folder before the job is due.");
        assertThat(cli.done("edit", id, "--workdir", "/tmp").out()).doesNotContain("There is no");
        assertThat(cli.done("add", "every 2h", "--script", "nope.sh", "--no-agent", "--workdir", "/nowhere")
                        .out())
                .contains("nope.sh yet", "There is no /nowhere yet");
    }

    @Test
    void addAndEditSayThatAScriptIsALinkOutOfItsFolder() throws IOException {
        Path scripts = Files.createDirectories(home.resolve("scripts"));
        Path outside = Files.writeString(folder.resolve("outside.sh"), "echo 1");
        Files.createSymbolicLink(scripts.resolve("leaving.sh"), outside);
        Files.createSymbolicLink(scripts.resolve("staying.sh"), Files.writeString(scripts.resolve("beat.sh"), "echo"));

        assertThat(cli.done("add", "every 2h", "--script", "leaving.sh", "--no-agent", "--name", "beat")
                        .out())
                .contains(
                        "leaving.sh is a link to " + outside.toRealPath() + ", outside the scripts folder",
                        "put the file itself there");
        assertThat(cli.done("edit", "beat", "--script", "staying.sh").out()).doesNotContain("outside");
        assertThat(cli.done("edit", "beat", "--script", "leaving.sh").out()).contains("outside the scripts folder");
    }

    @Test
    void addAndEditSayWhichJobToReadFromIsNotThere() {
        String id = add("beat");
        assertThat(cli.done(
                                "add",
                                "every 2h",
                                "Sum up",
                                "--context-from",
                                id,
                                "--context-from",
                                "nope",
                                "--name",
                                "sum")
                        .out())
                .contains("No job has the id nope now")
                .doesNotContain("id " + id + " now");
        assertThat(cli.done("edit", "sum", "--context-from", id).out()).doesNotContain("No job has");
        assertThat(cli.done("edit", "sum", "--context-from", "never").out()).contains("No job has the id never now");
        assertThat(cli.done("edit", "sum", "--name", "total").out()).doesNotContain("No job has");
    }

    @Test
    void everyFlagReachesItsField() {
        Map<String, Object> job = job(cli.done(
                "add",
                "--json",
                "every 2h",
                "Say hello",
                "--name",
                "all",
                "--skills",
                "a",
                "--skills",
                "b,c",
                "--script",
                "pre.sh",
                "--env",
                "CITY=Gdynia",
                "--env",
                "EMPTY=",
                "--context-from",
                "other",
                "--continuity",
                "--workdir",
                "/tmp",
                "--model",
                "m",
                "--provider",
                "p",
                "--tools",
                "web",
                "--deliver",
                "local,console",
                "--failure-deliver",
                "local",
                "--origin",
                "{\"chat\":\"1\"}",
                "--no-allow-silent",
                "--repeat",
                "3",
                "--paused",
                "--reason",
                "later",
                "--timeout",
                "10m",
                "--idle-timeout",
                "90s",
                "--overlap",
                "queue",
                "--misfire",
                "skip:1h",
                "--jitter",
                "5m",
                "--on-crash",
                "rerun",
                "--retry",
                "3:2s:1m",
                "--budget",
                "{\"usd\":2}",
                "--tags",
                "x,y"));

        assertThat(job)
                .containsEntry("prompt", "Say hello")
                .containsEntry("skills", List.of("a", "b", "c"))
                .containsEntry("env", Map.of("CITY", "Gdynia", "EMPTY", ""))
                .containsEntry("continuity", true)
                .containsEntry("allow_silent", false)
                .containsEntry("deliver", "local,console")
                .containsEntry("repeat", Map.of("times", 3, "completed", 0))
                .containsEntry("state", "paused")
                .containsEntry("paused_reason", "later")
                .containsEntry("timeout", "10m")
                .containsEntry("overlap", "queue")
                .containsEntry("misfire", Map.of("policy", "skip", "grace", "1h"))
                .containsEntry("retry", Map.of("max_retries", 3, "backoff", "2s", "max_backoff", "1m"))
                .containsEntry("on_crash", "rerun")
                .containsEntry("budget", Map.of("usd", 2))
                .containsEntry("tags", List.of("x", "y"));
    }

    @Test
    void aRetryMaySayThatItComesAfterToolsToo() {
        String id = add("beat");
        Map<String, Map<String, Object>> retries = Map.of(
                "2:after-tools", Map.of("max_retries", 2, "after_tools", true),
                "2:30s:1m:after-tools",
                        Map.of("max_retries", 2, "backoff", "30s", "max_backoff", "1m", "after_tools", true),
                "after-tools", Map.of("after_tools", true));

        retries.forEach((text, stored) ->
                assertThat(job(cli.done("edit", id, "--retry", text, "--json"))).containsEntry("retry", stored));
        assertThat(cli.run("edit", id, "--retry", "after-tools:2")
                        .refusedPlainly(2)
                        .err())
                .contains("--retry");
    }

    @Test
    void editSetsAndClears() {
        String id = add("beat");

        Map<String, Object> edited = job(cli.done(
                "edit",
                id,
                "--json",
                "--schedule",
                "0 9 * * *",
                "--tz",
                "Europe/Warsaw",
                "--timeout",
                "5m",
                "--no-name"));
        assertThat(edited).containsEntry("timeout", "5m").doesNotContainKey("name");
        assertThat(String.valueOf(edited.get("schedule"))).contains("Europe/Warsaw", "0 9 * * *");

        Map<String, Object> cleared = job(cli.done("edit", id, "--json", "--no-timeout", "--tz", "UTC"));
        assertThat(cleared).doesNotContainKey("timeout");
        assertThat(String.valueOf(cleared.get("schedule"))).contains("UTC", "0 9 * * *");
        assertThat(cleared.get("version")).isEqualTo(3);

        cli.run("edit", id).refusedPlainly(2);
        cli.run("edit", id, "--no-schedule").refusedPlainly(2);
        cli.run("edit", id, "--timeout", "5m", "--no-timeout").refusedPlainly(2);
    }

    @Test
    void pausesResumesAndRemoves() {
        String id = add("beat");

        assertThat(job(cli.done("pause", "BEAT", "--reason", "holiday", "--json")))
                .containsEntry("state", "paused")
                .containsEntry("paused_reason", "holiday");
        assertThat(cli.done("show", id).out()).contains("paused since", "holiday");
        assertThat(job(cli.done("resume", id.substring(0, 6), "--json"))).containsEntry("state", "scheduled");
        cli.run("resume", id, "--catch-up", "--reset").refusedPlainly(2);
        cli.done("remove", "beat", "--purge");
        assertThat(listed()).isEmpty();
    }

    @Test
    void purgesTheStateFolderAndNothingElse() throws IOException {
        Path state = home.resolve("cron").resolve("state");
        Path outside = Files.writeString(
                Files.createDirectories(folder.resolve("outside")).resolve("kept"), "x");
        String kept = add("kept");
        String gone = add("gone");
        for (String id : List.of(kept, gone)) {
            Files.createDirectories(state.resolve(id).resolve("deep"));
            Files.writeString(state.resolve(id).resolve("deep").resolve("seen.json"), "{}");
            Files.createSymbolicLink(state.resolve(id).resolve("link"), outside.getParent());
        }

        cli.done("remove", kept);
        assertThat(state.resolve(kept).resolve("deep").resolve("seen.json")).exists();
        assertThat(cli.done("remove", gone, "--purge").out()).doesNotContain("state folder");
        assertThat(state.resolve(gone)).doesNotExist();
        assertThat(state.resolve(kept)).exists();
        assertThat(outside).exists();
        String linked = add("linked");
        Files.createSymbolicLink(state.resolve(linked), outside.getParent());
        cli.done("remove", linked, "--purge");
        assertThat(Files.isSymbolicLink(state.resolve(linked))).isFalse();
        assertThat(outside).exists();
    }

    @Test
    void aRunInProgressKeepsTheStateFolder() throws IOException {
        Cli onDisk = Cli.at(home);
        Path state =
                Files.createDirectories(home.resolve("cron").resolve("state").resolve("beat1"));
        try (HealthHome health = new HealthHome(home, Map.of())) {
            health.job(HealthHome.beat().build(), health.dueIn(Duration.ofHours(1)));
            health.row(Execution.builder("e1", "beat1", health.now())
                    .status(ExecutionStatus.RUNNING)
                    .node("node")
                    .fence(1)
                    .startedAt(health.now())
                    .build());
        }

        assertThat(onDisk.done("remove", "beat1", "--purge").out())
                .contains("Execution e1 goes on", "state folder " + state + " stays for the run in progress");
        assertThat(state).exists();
    }

    @Test
    void namesThatNoJobAnswersToAreNotFound() {
        add("beat");
        add("beat");

        for (String command : List.of("show", "edit", "pause", "resume", "cancel", "remove", "output")) {
            String[] words = command.equals("edit")
                    ? new String[] {command, "nobody", "--timeout", "5m"}
                    : new String[] {command, "nobody"};
            cli.run(words).refusedPlainly(3);
        }
        assertThat(cli.run("show", "beat").refusedPlainly(3).err()).contains("fits 2 jobs");
        Cli.at(folder.resolve("nowhere")).run("show", "x").refusedPlainly(3);
    }

    @Test
    void badValuesNameTheirFlagAndStoreNothing() {
        assertThat(cli.run("add", "every 2h", "--handler", "h", "--args", "{bad")
                        .refusedPlainly(2)
                        .err())
                .contains("--args", "JSON");
        assertThat(cli.run("add", "every 2h", "x", "--timeout", "soon")
                        .refusedPlainly(2)
                        .err())
                .contains("--timeout");
        assertThat(cli.run("add", "every 2h", "x", "--overlap", "maybe")
                        .refusedPlainly(2)
                        .err())
                .contains("--overlap");
        assertThat(cli.run("add", "every 2h", "x", "--env", "CITY")
                        .refusedPlainly(2)
                        .err())
                .contains("CITY=Gdynia");
        assertThat(cli.run("add", "every 2h", "x", "--retry", "1:2s:3s:4s")
                        .refusedPlainly(2)
                        .err())
                .contains("--retry");
        assertThat(cli.run("add", "every 2h", "x", "--prompt", "y")
                        .refusedPlainly(2)
                        .err())
                .contains("twice");
        cli.run("add", "every 2h").refusedPlainly(2);
        cli.run("add", "--name", "x").refusedPlainly(2);
        cli.run("add").refusedPlainly(2);
        cli.run("add", "tomorrow-ish", "x").refusedPlainly(2);
        assertThat(cli.run("add", "every 2h", "x", "--scrpt", "y")
                        .refusedPlainly(2)
                        .err())
                .contains("--script");
        assertThat(listed("--all")).isEmpty();
    }

    @Test
    void aHomeThatCannotBeUsedIsSaidPlainly() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(Cli.at(file).run("list").refusedPlainly(1).err()).contains("is a file");
        Cli.at(file).run("add", "every 2h", "x").refusedPlainly(1);
        assertThat(Cli.at(file.resolve("below"))
                        .run("add", "every 2h", "x")
                        .refusedPlainly(1)
                        .err())
                .contains("cannot be made");
    }

    @Test
    void anUnreadableConfigurationStopsWithItsPlace() throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("config.yaml"), "cron: [unclosed\n");

        assertThat(cli.run("list").refusedPlainly(2).err()).contains("config.yaml");
    }

    @Test
    void anUnknownConfigurationKeyIsARemark() throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("config.yaml"), "cron:\n  intervall: 30s\n");

        assertThat(cli.done("list").err()).contains("intervall", "interval");
    }

    @Test
    void listFitsTheTerminalAndHidesNothingWithoutOne() {
        add("東京の天気を毎朝みんなに知らせる大切な仕事");
        cli.done("add", "0 9 1,15 * MON-FRI", "A task", "--name", "a name that is rather long for a job, but allowed");

        for (String line : Cli.at(home)
                .variable("KAIROS_STORE_URL", SharedMemoryStores.URL)
                .variable("COLUMNS", "80")
                .done("list")
                .lines()) {
            if (!line.startsWith("Nothing fires")) {
                assertThat(TextWidth.of(line)).as(line).isLessThanOrEqualTo(80);
            }
        }
        assertThat(cli.done("list").out()).contains("but allowed", "東京の天気を毎朝みんなに知らせる大切な仕事");
    }

    @Test
    void colourIsForTerminalsAlone() {
        String id = add("beat");
        cli.done("pause", id);

        assertThat(cli.done("list").out()).doesNotContain("\u001b");
        assertThat(terminal().done("list").out()).contains("\u001b[33mpaused");
        assertThat(terminal().variable("NO_COLOR", "1").done("list").out()).doesNotContain("\u001b");
        assertThat(terminal().done("list", "--json").out()).doesNotContain("\u001b");
    }

    private Cli terminal() {
        return Cli.at(home)
                .variable("KAIROS_STORE_URL", SharedMemoryStores.URL)
                .variable("COLUMNS", "100")
                .terminals(Io.Terminals.ALL);
    }

    @Test
    void aHostileNameCannotMoveTheTerminal() {
        add("evil\u001b[2J\nname");

        assertThat(cli.done("list").out()).contains("evil?[2J name").doesNotContain("\u001b");
        assertThat(cli.done("show", add("x\u001by")).out()).doesNotContain("\u001b");
    }

    @Test
    void addAsksStepByStepAndExplainsWrongAnswers() {
        Cli.Result result = terminal()
                .input("every 0s\nevery 2h\nx\ns\n\nbeat.sh\nbeat\nlocal\n\n")
                .done("add");

        assertThat(result.out()).contains("When is it due?", "Which script", "Added", "\"beat\"");
        assertThat(listed().get(0)).containsEntry("script", "beat.sh").containsEntry("no_agent", true);
    }

    @Test
    void addChecksAScriptAndATargetWhenItAsksForThem() {
        Cli.Result result = terminal()
                .input("every 2h\ns\n../../etc/passwd\nnew.sh\n\ntelegrm:1\nlocal\n\n")
                .done("add");

        assertThat(result.out()).contains("outside", "no such file yet", "telegrm:1", "Added");
        assertThat(listed().get(0)).containsEntry("script", "new.sh");
    }

    @Test
    void addAskedAndNotAnsweredAddsNothing() {
        assertThat(terminal().input("every 2h\na\n").run("add").exit()).isEqualTo(1);
        assertThat(terminal().input("every 2h\na\nDo it\n\n\nn\n").run("add").exit())
                .isEqualTo(1);
        assertThat(listed()).isEmpty();
    }

    @Test
    void anAgentsRunMayNotChangeJobs() {
        cli.variable("KAIROS_CRON_SESSION", "1");

        cli.run("add", "every 2h", "x").refusedPlainly(1);
        cli.done("list");
    }

    @Test
    void listOnANewMachineSaysWhatToTypeAndMakesNothing() {
        Path nowhere = folder.resolve("nowhere");

        assertThat(Cli.at(nowhere).done("list").out()).contains("kairos add");
        assertThat(Cli.at(nowhere).done("runs").out()).contains("yet");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void runsTakesKnownStatusesOnly() {
        assertThat(cli.run("runs", "--status", "eror").refusedPlainly(2).err()).contains("error");
        cli.run("runs", "--limit", "0").refusedPlainly(2);
        cli.done("runs", "--status", "ok,timed-out");
    }
}
