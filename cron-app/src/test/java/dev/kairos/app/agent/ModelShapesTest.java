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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold of a run whoever made the model's API, and whether it answers whole or as a stream. */
class ModelShapesTest {
    @TempDir
    Path folder;

    @TempDir
    Path traces;

    private WireServer server;
    private AgentHome home;

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        home = new AgentHome(folder);
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        server.close();
    }

    private JsonNode request(int index) {
        return OpenAi.tree(server.requests.get(index).body());
    }

    /** One home in which every shape has an entry; each job pins its own. */
    private Map<Shape, String> jobs(JobField<Duration> limit, Duration atMost) {
        for (Shape shape : Shape.values()) {
            shape.in(home, server);
        }
        Map<Shape, String> jobs = new LinkedHashMap<>();
        for (Shape shape : Shape.values()) {
            jobs.put(
                    shape,
                    home.create(
                            AgentHome.brief()
                                    .set(JobField.NAME, shape.name())
                                    .set(JobField.MODEL, shape.name())
                                    .set(limit, atMost),
                            "1s"));
        }
        return jobs;
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsDeliveredAndItsTokensCounted(Shape shape) throws Exception {
        server.always(shape.says("All is well."));

        Execution row = shape.in(home, server).run(AgentHome.brief());

        assertThat(row.error()).isEmpty();
        assertThat(server.requests).hasSize(1);
        assertThat(Shape.of(server.requests.get(0))).isEqualTo(shape);
        assertThat(server.requests.get(0).headers())
                .containsEntry(
                        shape.isAnthropic() ? "x-api-key" : "authorization",
                        (shape.isAnthropic() ? "" : "Bearer ") + "key-of-" + shape.name());
        assertThat(row.usage().orElseThrow()).satisfies(used -> {
            assertThat(used.tokensIn()).isEqualTo(100);
            assertThat(used.tokensOut()).isEqualTo(10);
        });
        home.assertSent(1);
        assertThat(home.sent).containsExactly("All is well.");
    }

    @ParameterizedTest
    @EnumSource
    void toolsAskedForTogetherRunSideBySideAndOneThatFailsIsToldToTheModel(Shape shape) throws Exception {
        server.then(shape.calls("meet", "{\"text\":\"a\"}", "meet", "{\"text\":\"b\"}", "fail", "{}"))
                .always(shape.says("They met."));

        Execution row;
        try (HttpTools kit = new HttpTools(ToolProgram.tools(traces))) {
            row = shape.in(home, server).tools("kit", kit.url(), "t").run(AgentHome.brief());
        }

        assertThat(row.error()).isEmpty();
        assertThat(row.usage().orElseThrow().toolCalls()).isEqualTo(3);
        List<String> results = new ArrayList<>();
        request(1).path("messages").forEach(message -> {
            if (message.path("role").asText().equals("tool")) {
                results.add(message.path("content").asText());
            }
            message.path("content").forEach(block -> {
                if (block.path("type").asText().equals("tool_result")) {
                    results.add(block.path("content").toString());
                }
            });
        });
        assertThat(results).hasSize(3).allSatisfy(text -> assertThat(text).contains("<<<DATA"));
        assertThat(results.get(0)).contains("a met b");
        assertThat(results.get(1)).contains("b met a");
        assertThat(results.get(2)).contains("Error: the disk is on fire");
    }

    @ParameterizedTest
    @EnumSource
    void whatPassesByItselfIsTransientAndSaidInPlainWords(Shape shape) throws Exception {
        shape.in(home, server);
        Map<String, Reply> replies = new LinkedHashMap<>();
        replies.put("server_error 500", Reply.status(500, "oops"));
        replies.put("server_error 529", Reply.status(529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded\"}}"));
        replies.put("rate_limited", Reply.status(429, "slow down"));
        replies.put("wrong_key", Reply.status(401, "{\"error\":{\"type\":\"authentication_error\"}}"));
        replies.put("malformed", shape.malformed());
        replies.put("cut", shape.cut());
        replies.put("malformed no JSON", Reply.json("<html>a gateway's page</html>"));
        if (shape.isStream()) {
            replies.put("server_error in the stream", shape.refusesInItsStream());
        }

        for (Map.Entry<String, Reply> reply : replies.entrySet()) {
            server.then(reply.getValue());
            Execution row = home.run(AgentHome.brief().set(JobField.NAME, reply.getKey()));

            assertThat(row.reason()).as(reply.getKey()).contains(reply.getKey().split(" ")[0]);
            assertThat(row.failureKind()).as(reply.getKey()).contains("transient");
            assertThat(row.error().orElseThrow()).as(reply.getKey()).contains("Acme");
        }
        assertThat(server.requests).hasSize(replies.size());
        assertThat(home.runtime().signedOut()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "ANTHROPIC_STREAM"})
    void whatWillFailTheSameWayAgainIsTerminal(Shape shape) throws Exception {
        shape.in(home, server);
        Map<String, Reply> replies = new LinkedHashMap<>();
        replies.put("context_too_long 400", refusal(400, "invalid_request_error", "prompt is too long: 210000 tokens"));
        replies.put("context_too_long 413", refusal(413, "request_too_large", "Request exceeds the maximum size"));
        replies.put("quota", refusal(400, "invalid_request_error", "Your credit balance is too low"));
        replies.put("unknown_model", refusal(404, "not_found_error", "model: nobody"));
        replies.put("forbidden", refusal(403, "permission_error", "not yours"));
        replies.put("refused", shape.ends("I cannot help with that.", "refusal"));
        replies.put("answer_too_long", shape.ends("It begins", "max_tokens"));

        for (Map.Entry<String, Reply> reply : replies.entrySet()) {
            server.then(reply.getValue());
            Execution row = home.run(AgentHome.brief().set(JobField.NAME, reply.getKey()));

            assertThat(row.reason()).as(reply.getKey()).contains(reply.getKey().split(" ")[0]);
            assertThat(row.failureKind()).as(reply.getKey()).contains("terminal");
        }
        assertThat(server.requests).hasSize(replies.size());
    }

    private static Reply refusal(int status, String type, String message) {
        return Reply.status(
                status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}");
    }

    @Test
    void aRateLimitIsLeftAloneAsLongAsItAsks() {
        server.always(Reply.status(429, "{\"error\":\"slow down\"}", "Retry-After: 120"));
        Map<Shape, String> jobs = jobs(JobField.TIMEOUT, Duration.ofMinutes(1));

        home.runtime().join();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            home.runtime().tick();
            return jobs.values().stream().allMatch(id -> home.rows(id).size() == 2);
        });

        jobs.forEach((shape, id) -> {
            List<Execution> rows = home.rows(id);
            assertThat(rows.get(1).status()).as(shape.name()).isEqualTo(ExecutionStatus.RETRY);
            assertThat(rows.get(1).dueAt().orElseThrow())
                    .as(shape.name())
                    .isAfterOrEqualTo(rows.get(0).finishedAt().orElseThrow().plusSeconds(119));
        });
        assertThat(server.requests).extracting(Shape::of).containsExactlyInAnyOrder(Shape.values());
    }

    @ParameterizedTest
    @EnumSource
    void aLapsedSessionIsAskedOnceAndClosesItsGate(Shape shape) throws Exception {
        server.always(Reply.status(401, Shape.LAPSED));
        shape.in(home, server);

        Execution lapsed = home.run(AgentHome.brief());
        Execution next = home.run(AgentHome.brief().set(JobField.NAME, "other"));

        assertThat(lapsed.failureKind()).contains("session_expired");
        assertThat(next.reason().orElseThrow()).contains("signed_out: " + shape.name());
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"TIMEOUT", "IDLE_TIMEOUT"})
    void aHangWithinAnAnswerIsEndedAtItsLimit(String which) throws Exception {
        server.always(asked -> Shape.of(asked).stalls());
        JobField<Duration> limit = which.equals("TIMEOUT") ? JobField.TIMEOUT : JobField.IDLE_TIMEOUT;
        Map<Shape, String> jobs = jobs(limit, Duration.ofSeconds(1));

        Map<Shape, FireResult.Claimed> begun = new LinkedHashMap<>();
        jobs.forEach((shape, id) -> begun.put(shape, home.begin(id)));

        for (Map.Entry<Shape, FireResult.Claimed> run : begun.entrySet()) {
            Execution row = run.getValue().completion().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(row.status()).as(run.getKey().name()).isEqualTo(ExecutionStatus.TIMED_OUT);
            assertThat(row.took().orElseThrow()).as(run.getKey().name()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "ANTHROPIC_STREAM"})
    void effortIsToldAsTheApiTakesItAndThoughtsGoBackWithTheToolsResults(Shape shape) throws Exception {
        List<String> blocks = new ArrayList<>(Anthropic.thinking(0, "Let me see.", "sig-1"));
        blocks.addAll(Anthropic.call(1, "nothing", "{}"));
        server.then(
                        shape.isStream()
                                ? Reply.events(Anthropic.streams(blocks, "tool_use"))
                                : OpenAi.anthropic(
                                        "{\"type\":\"thinking\",\"thinking\":\"Let me see.\",\"signature\":\"sig-1\"},"
                                                + "{\"type\":\"tool_use\",\"id\":\"tu_1\",\"name\":\"nothing\",\"input\":{}}",
                                        "tool_use"))
                .always(shape.says("All is well."));

        Execution row = shape.in(home, server)
                .set("agent.models." + shape.name() + ".reasoning_effort", "low")
                .set("agent.models." + shape.name() + ".max_tokens", "500")
                .run(AgentHome.brief());

        assertThat(row.error()).isEmpty();
        assertThat(request(0).at("/thinking/type").asText()).isEqualTo("enabled");
        assertThat(request(0).at("/thinking/budget_tokens").asInt()).isEqualTo(2_048);
        assertThat(request(0).path("max_tokens").asInt())
                .as("the answer's, beside the thinking")
                .isEqualTo(2_548);
        JsonNode said = request(1).at("/messages/1/content/0");
        assertThat(said.path("thinking").asText()).isEqualTo("Let me see.");
        assertThat(said.path("signature").asText()).isEqualTo("sig-1");
    }
}
