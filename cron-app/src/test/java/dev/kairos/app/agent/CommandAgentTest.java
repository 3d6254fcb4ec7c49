package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agent runs by programs that are real child processes, and what every session is told. */
class CommandAgentTest {
    private static final String LAPSED =
            "Acme API error (401 Unauthorized): {\"success\":false,\"error\":\"Invalid token\"}";

    @TempDir
    Path folder;

    private AgentHome home;

    @BeforeEach
    void open() {
        home = new AgentHome(folder);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private AgentHome program(String script) throws IOException {
        Path file = folder.resolve("agent.sh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        file.toFile().setExecutable(true);
        return home.command("main", List.of(file.toString()));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theWholeAssemblyReachesTheProgramInOrderWithTheTaskLast() throws Exception {
        write("skills/first/SKILL.md", "FIRST SKILL");
        write("skills/second/SKILL.md", "SECOND SKILL");
        write("project/AGENTS.md", "PROJECT NOTES");
        write("project/CLAUDE.md", "OTHER NOTES");
        write("scripts/look.sh", "echo FROM SCRIPT; echo '{\"wakeAgent\": true, \"context\": \"WOKEN\"}'");
        program("echo SOURCE SAYS");
        String source = home.create(AgentHome.brief().set(JobField.NAME, "source"), "every 1d");
        home.run(source);
        program("cat; pwd");

        Execution row = home.run(AgentHome.brief()
                .set(JobField.NAME, "reader")
                .set(JobField.SKILLS, List.of("second", "first", "absent"))
                .set(JobField.SCRIPT, "look.sh")
                .set(JobField.CONTEXT_FROM, List.of(source))
                .set(JobField.WORKDIR, folder.resolve("project").toString()));

        String said = home.output(row);
        assertThat(row.status()).as(said).isEqualTo(ExecutionStatus.OK);
        assertThat(said)
                .containsSubsequence(
                        "Nobody is there",
                        "SECOND SKILL",
                        "FIRST SKILL",
                        "skills of the job are missing",
                        "absent",
                        "PROJECT NOTES",
                        "<<<DATA",
                        "SOURCE SAYS",
                        "<<<END",
                        "<<<DATA",
                        "FROM SCRIPT",
                        "WOKEN",
                        "<<<END",
                        "Tell me what is new.",
                        folder.resolve("project").toString(),
                        "Missing skills: absent.")
                .doesNotContain("OTHER NOTES", "wakeAgent");
    }

    @Test
    void aScriptThatSeesNothingToDoLetsTheAgentSleepAndOneThatFailsIsTold() throws Exception {
        write("scripts/quiet.sh", "echo '{\"wakeAgent\": false}'");
        write("scripts/broken.sh", "echo 'no network' >&2; exit 3");
        program("echo called >> \"$KAIROS_STATE_DIR/calls\"; cat");

        Execution asleep = home.run(AgentHome.brief().set(JobField.SCRIPT, "quiet.sh"));
        Execution told = home.run(AgentHome.brief().set(JobField.SCRIPT, "broken.sh"));

        assertThat(asleep.status()).isEqualTo(ExecutionStatus.OK);
        assertThat(asleep.usage()).isEmpty();
        assertThat(asleep.reason().orElseThrow()).contains("nothing to wake the agent for");
        assertThat(home.output(told)).contains("failed", "exit code 3", "no network");
    }

    @Test
    void continuityShowsTheJobItsOwnLastOutputAndASilentOneIsPassedOver() throws Exception {
        program("echo 'I SAW THREE SHIPS'");
        String id = home.create(AgentHome.brief().set(JobField.CONTINUITY, true), "every 1d");
        home.run(id);
        program("echo '[SILENT]'");
        home.run(id);
        program("cat");

        assertThat(home.output(home.run(id))).contains("What you said the last time", "I SAW THREE SHIPS");
    }

    @Test
    void thePromptMayBeAnArgumentAndNoShellReadsIt() throws Exception {
        program("printf '%s|' \"$@\"");
        home.set("agent.models.main.prompt", "argument");

        Execution row = home.run(AgentHome.brief().set(JobField.PROMPT, "$(touch pwned) `id` \"quoted\" ; true"));

        assertThat(home.output(row)).contains("$(touch pwned) `id` \"quoted\" ; true|");
    }

    @Test
    void jsonIsReadAndSaysWhatWasUsed() throws Exception {
        program("echo '{\"result\": \"The answer.\", \"usage\": {\"input_tokens\": 12, \"output_tokens\": 3},"
                + " \"num_turns\": 4, \"total_cost_usd\": 0.25, \"is_error\": false}'");
        home.set("agent.models.main.preset", "claude");

        Execution row = home.run(AgentHome.brief());

        assertThat(row.error()).isEmpty();
        assertThat(row.usage().orElseThrow()).satisfies(used -> {
            assertThat(used.tokens()).isEqualTo(15);
            assertThat(used.turns()).isEqualTo(4);
            assertThat(used.cost().orElseThrow()).isEqualByComparingTo("0.25");
        });
        home.assertSent(1);
        assertThat(home.sent).containsExactly("The answer.");
    }

    @Test
    void exitCodesStandForKinds() throws Exception {
        program("echo 'bad settings' >&2; exit 78");
        home.set("agent.models.main.exit_codes.78", "config").set("agent.models.main.exit_codes.3", "terminal");

        Execution config = home.run(AgentHome.brief());
        Execution documented = presetOf("gemini", "echo '{\"error\": {\"code\": 53}}'; exit 53");
        program("exit 3");
        List<Execution> terminal = home.occur(AgentHome.brief().set(JobField.NAME, "t"));
        program("exit 4");
        List<Execution> other = home.occur(AgentHome.brief().set(JobField.NAME, "o"));

        assertThat(config.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(config.error().orElseThrow()).contains("bad settings");
        assertThat(documented.failureKind()).contains("terminal");
        assertThat(terminal).hasSize(1);
        assertThat(other).hasSize(3);
    }

    /** One run of a program that behaves as a known one is documented to. */
    private Execution presetOf(String preset, String script) throws Exception {
        Path other = folder.resolve(preset);
        try (AgentHome documented = new AgentHome(other)) {
            Files.createDirectories(other);
            Path file = other.resolve("program.sh");
            Files.writeString(file, "#!/bin/sh\n" + script + "\n");
            file.toFile().setExecutable(true);
            return documented
                    .command("main", List.of(file.toString()))
                    .set("agent.models.main.preset", preset)
                    .run(AgentHome.brief());
        }
    }

    @Test
    void aScriptOfAnAgentsJobThatPrintsALapseIsOnlyAFailedScript() throws Exception {
        write("scripts/look.sh", "echo '" + LAPSED + "'; exit 1");
        program("echo fine");

        List<Execution> rows = home.occur(AgentHome.brief().set(JobField.SCRIPT, "look.sh"));

        assertThat(rows).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        assertThat(home.runtime().signedOut()).isEmpty();
    }

    @Test
    void aProgramThatHangsIsEndedWithAllItStarted() throws Exception {
        program("setsid sleep 600 & echo $! > \"$KAIROS_STATE_DIR/left.pid\"; sleep 600");
        JobDefinition.Builder job = AgentHome.brief().set(JobField.TIMEOUT, Duration.ofSeconds(3));
        String id = home.create(job, "every 1d");

        Execution row = home.run(id);

        assertThat(row.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        long left = Long.parseLong(Files.readString(folder.resolve("cron/state/" + id + "/left.pid"))
                .strip());
        await().until(() ->
                ProcessHandle.of(left).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void aCancelledProgramThatWillNotEndIsGoneWithinThreeSeconds() throws Exception {
        program("trap '' TERM; echo $$ > \"$KAIROS_STATE_DIR/up.pid\"; while :; do sleep 1; done");
        String id = home.create(AgentHome.brief(), "every 1d");
        Path up = folder.resolve("cron/state/" + id + "/up.pid");
        var run = home.begin(id).completion().toCompletableFuture();
        await().until(() -> Files.exists(up) && !Files.readString(up).isBlank());

        home.runtime().jobs().cancel(id, Optional.empty());

        assertThat(run.get(3, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(up).strip()))
                        .filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void noMoreAgentsRunAtOnceThanAreAllowed() throws Exception {
        program("mkdir \"$HOME/busy\" || { echo TOGETHER; exit 9; }; sleep 0.3; rmdir \"$HOME/busy\"; echo alone");
        home.set("agent.max_parallel", "1");
        String one = home.create(AgentHome.brief().set(JobField.NAME, "one"), "every 1d");
        String two = home.create(AgentHome.brief().set(JobField.NAME, "two"), "every 1d");

        var first = home.begin(one).completion().toCompletableFuture();
        var second = home.begin(two).completion().toCompletableFuture();

        assertThat(List.of(first.get(), second.get()))
                .extracting(Execution::status)
                .containsOnly(ExecutionStatus.OK);
    }

    @Test
    void aProgramThatIsNotThereBlocksTheRun() throws Exception {
        Execution row = home.command("main", List.of("no-such-agent-here")).run(AgentHome.brief());

        assertThat(row.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(row.error().orElseThrow()).contains("no-such-agent-here");
    }
}
