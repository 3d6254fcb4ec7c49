package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.FireResult;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.agent.WireServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agent runs with tools of a real MCP server, which is a child process. */
class ToolAgentTest {
    @TempDir
    Path folder;

    @TempDir
    Path traces;

    private WireServer server;
    private AgentHome home;

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        home = new AgentHome(folder).openAi("main", server).tools("kit", ToolProgram.command(traces));
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        server.close();
    }

    private JsonNode request(int index) {
        return OpenAi.tree(server.requests.get(index).body());
    }

    /** What the model was told of the tools' results in the request. */
    private List<String> results(int index) {
        List<String> results = new ArrayList<>();
        request(index).path("messages").forEach(message -> {
            if (message.path("role").asText().equals("tool")) {
                results.add(message.path("content").asText());
            }
        });
        return results;
    }

    private List<String> toolsOffered(int index) {
        return StreamSupport.stream(request(index).path("tools").spliterator(), false)
                .map(tool -> tool.at("/function/name").asText())
                .toList();
    }

    private void assertServerIsGone() throws IOException {
        assertGone("server.pid");
    }

    private void assertGone(String trace) throws IOException {
        long pid = Long.parseLong(Files.readString(traces.resolve(trace)));
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void toolsAskedForTogetherRunSideBySideAndTheModelReadsTheirResultsFenced() throws Exception {
        server.then(OpenAi.calls("meet", "{\"text\":\"a\"}", "meet", "{\"text\":\"b\"}"))
                .always(OpenAi.says("They met."));

        Execution row = home.run(AgentHome.brief());

        assertThat(row.error()).isEmpty();
        assertThat(results(1)).hasSize(2);
        assertThat(results(1).get(0)).contains("a met b").startsWith("<<<DATA").endsWith(">>>");
        assertThat(results(1).get(1)).contains("b met a");
        assertThat(row.usage().orElseThrow().toolCalls()).isEqualTo(2);
        assertThat(row.usage().orElseThrow().turns()).isEqualTo(2);
        assertServerIsGone();
    }

    @Test
    void aToolThatFailsOrIsNotThereIsToldToTheModel() throws Exception {
        server.then(OpenAi.calls("fail", "{}", "nothing", "{}", "echo", "{broken"))
                .always(OpenAi.says("I could not."));

        Execution row = home.run(AgentHome.brief());

        assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
        assertThat(results(1).get(0)).contains("Error: the disk is on fire");
        assertThat(results(1).get(1)).contains("there is no tool \"nothing\"");
        assertThat(results(1).get(2)).contains("no JSON object");
    }

    @Test
    void onlyWhatTheJobAllowsIsOfferedAndTheToolThatSchedulesNever() throws Exception {
        server.always(OpenAi.says("Done."));

        home.run(AgentHome.brief());
        home.run(AgentHome.brief().set(JobField.TOOLS, List.of("echo", "cronjob")));
        home.run(AgentHome.brief().set(JobField.TOOLS, List.of("other.echo")));

        assertThat(toolsOffered(0)).contains("echo", "fail", "session").doesNotContain("cronjob");
        assertThat(toolsOffered(1)).containsExactly("echo");
        assertThat(toolsOffered(2)).isEmpty();
        JsonNode parameters = request(1).at("/tools/0/function/parameters");
        assertThat(parameters.at("/properties/text/description").asText()).isEqualTo("what to say");
    }

    @Test
    void theModelCannotCallWhatItWasNotOffered() throws Exception {
        server.then(OpenAi.calls("cronjob", "{\"action\":\"create\"}")).always(OpenAi.says("No."));

        home.run(AgentHome.brief());

        assertThat(results(1).get(0)).contains("there is no tool \"cronjob\"").doesNotContain("a job was made");
    }

    @Test
    void theServersKnowThatTheyWorkForAnAgent() throws Exception {
        server.then(OpenAi.calls("session", "{}")).always(OpenAi.says("Done."));

        home.run(AgentHome.brief());

        assertThat(results(1).get(0)).contains("KAIROS_CRON_SESSION=1");
    }

    @Test
    void afterACallOfAToolNothingIsRepeatedByItself() throws Exception {
        server.then(OpenAi.calls("echo", "{\"text\":\"x\"}")).always(Reply.status(500, "oops"));

        List<Execution> rows = home.occur(AgentHome.brief());

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).failureKind()).contains("terminal");
        assertThat(rows.get(0).error().orElseThrow()).contains("called tools already", "retry.after_tools");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void theTurnsAreBounded() throws Exception {
        server.always(OpenAi.calls("echo", "{\"text\":\"again\"}"));

        Execution row = home.set("agent.max_turns", "3").run(AgentHome.brief());

        assertThat(row.reason()).contains("too_many_turns");
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void aToolThatForksAndDetachesIsEndedAtEitherLimitWithNothingLeft() throws Exception {
        server.always(OpenAi.calls("detach", "{}"));
        String timed = home.create(
                AgentHome.brief().set(JobField.NAME, "timed").set(JobField.TIMEOUT, Duration.ofSeconds(6)), "every 1d");
        String idle = home.create(
                AgentHome.brief().set(JobField.NAME, "idle").set(JobField.IDLE_TIMEOUT, Duration.ofSeconds(5)),
                "every 1d");

        List<FireResult.Claimed> begun = List.of(home.begin(timed), home.begin(idle));
        List<Execution> rows = new ArrayList<>();
        for (FireResult.Claimed run : begun) {
            rows.add(run.completion().toCompletableFuture().get(30, TimeUnit.SECONDS));
        }

        assertThat(rows).extracting(Execution::status).containsOnly(ExecutionStatus.TIMED_OUT);
        assertThat(rows.get(1).error().orElseThrow()).contains("idle limit of 5s");
        assertThat(rows)
                .allSatisfy(
                        row -> assertThat(row.usage().orElseThrow().toolCalls()).isEqualTo(1));
        List<String> left = traces("detached-");
        assertThat(left).hasSize(2);
        for (String trace : left) {
            assertGone(trace);
        }
        for (String trace : traces("server-")) {
            assertGone(trace);
        }
    }

    private List<String> traces(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(traces)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }
    }

    @Test
    void aServerThatIsNotThereBlocksTheRunAndOneThatDiesFailsIt() throws Exception {
        server.always(OpenAi.says("Never."));

        Execution absent = home.tools("kit", List.of("no-such-program-here")).run(AgentHome.brief());
        assertThat(absent.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(absent.error().orElseThrow()).contains("kit", "no-such-program-here");
        assertThat(server.requests).isEmpty();
    }
}
