package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Retry;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.agent.WireServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agent runs against endpoints on real sockets. */
class ApiAgentTest {
    private static final String LAPSED = "{\"success\":false,\"error\":\"Invalid token\"}";

    @TempDir
    Path folder;

    private WireServer server;
    private AgentHome home;

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        home = new AgentHome(folder).openAi("main", server);
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        server.close();
    }

    @Test
    void aRunIsOneSessionWithTheTaskLastAndItsAnswerIsDelivered() throws Exception {
        server.always(OpenAi.says("All is well."));

        Execution row = home.set("agent.models.main.price_in", "2")
                .set("agent.models.main.price_out", "10")
                .run(AgentHome.brief());

        assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0).path()).isEqualTo("/v1/chat/completions");
        assertThat(server.requests.get(0).headers()).containsEntry("authorization", "Bearer key-of-main");
        JsonNode asked = OpenAi.tree(server.requests.get(0).body());
        assertThat(asked.path("model").asText()).isEqualTo("main-model");
        assertThat(asked.path("messages")).hasSize(2);
        assertThat(asked.at("/messages/0/content").asText()).contains("Nobody is there", "brief");
        assertThat(asked.at("/messages/1/content").asText()).endsWith("Tell me what is new.");
        assertThat(row.usage().orElseThrow()).satisfies(used -> {
            assertThat(used.model()).isEqualTo("main-model");
            assertThat(used.turns()).isEqualTo(1);
            assertThat(used.tokensIn()).isEqualTo(100);
            assertThat(used.tokensOut()).isEqualTo(10);
            assertThat(used.cost().orElseThrow()).isEqualByComparingTo("0.0003");
        });
        home.assertSent(1);
        assertThat(home.sent.get(0)).isEqualTo("All is well.");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void anAnswerMayComeWholeOrAsAStream(boolean isStreaming) throws Exception {
        server.always(isStreaming ? OpenAi.streams("All ", "is ", "well.") : OpenAi.says("All is well."));

        Execution row = home.set("agent.models.main.stream", String.valueOf(isStreaming))
                .set("agent.models.main.reasoning_effort", "low")
                .run(AgentHome.brief());

        assertThat(row.error()).isEmpty();
        home.assertSent(1);
        assertThat(home.sent).containsExactly("All is well.");
        assertThat(row.usage().orElseThrow().tokensIn()).isEqualTo(100);
        JsonNode asked = OpenAi.tree(server.requests.get(0).body());
        assertThat(asked.path("stream").asBoolean()).isEqualTo(isStreaming);
        assertThat(asked.path("reasoning_effort").asText()).isEqualTo("low");
    }

    @Test
    void aRateLimitIsWaitedOutAsLongAsItAsks() {
        server.then(Reply.status(429, "{\"error\":\"slow down\"}", "Retry-After: 2"))
                .always(OpenAi.says("All is well."));

        List<Execution> rows = home.occur(AgentHome.brief());

        assertThat(rows).extracting(Execution::status).containsExactly(ExecutionStatus.ERROR, ExecutionStatus.OK);
        assertThat(rows.get(0).reason().orElseThrow()).contains("rate_limited");
        assertThat(Duration.between(
                        rows.get(0).finishedAt().orElseThrow(),
                        rows.get(1).startedAt().orElseThrow()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void whatPassesByItselfIsTriedAgainWithinTheBudget() {
        server.always(Reply.status(500, "oops"));

        List<Execution> rows = home.occur(AgentHome.brief());

        assertThat(server.requests).as("one call and two retries").hasSize(3);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(2).failureKind()).contains("transient");
        assertThat(rows.get(2).reason().orElseThrow()).contains("server_error");
        assertThat(rows.get(2).error().orElseThrow()).startsWith("Acme");
        home.assertSent(1);
    }

    @Test
    void anOrdinary401KeepsItsBudgetAndSaysSoInPlainWords() throws Exception {
        server.always(Reply.status(401, "{\"error\":{\"message\":\"Invalid API key\"}}"));

        List<Execution> rows = home.occur(AgentHome.brief());

        assertThat(server.requests).hasSize(3);
        assertThat(rows.get(2).error().orElseThrow()).contains("did not accept the key");
        assertThat(home.output(rows.get(2))).contains("Acme API error (401 Unauthorized)", "Invalid API key");
        assertThat(home.events).extracting(event -> event.name()).contains("cron.retries-exhausted");
        assertThat(home.runtime().signedOut()).isEmpty();
    }

    @Test
    void aKeyThatIsSaidAgainByAnybodyIsKeptOutOfEverythingThatLeaves() throws Exception {
        server.then(Reply.status(400, "{\"error\":{\"message\":\"you sent key-of-main\"}}"))
                .always(OpenAi.says("Your key is key-of-main."));

        Execution refused = home.run(AgentHome.brief());
        Execution answered = home.run(AgentHome.brief().set(JobField.NAME, "other"));

        assertThat(home.output(refused)).contains("you sent").doesNotContain("key-of-main");
        assertThat(home.output(answered)).contains("Your key is").doesNotContain("key-of-main");
        assertThat(String.valueOf(refused) + answered).doesNotContain("key-of-main");
        home.assertSent(2);
        assertThat(home.sent).noneMatch(text -> text.contains("key-of-main"));
    }

    @Test
    void aLapsedSessionIsAskedOnceAndClosesItsGate() throws Exception {
        server.always(Reply.status(401, LAPSED));

        List<Execution> rows = home.occur(AgentHome.brief());
        Execution next = home.run(AgentHome.brief().set(JobField.NAME, "other"));

        assertThat(server.requests).hasSize(1);
        assertThat(rows.get(0).failureKind()).contains("session_expired");
        assertThat(rows.get(0).reason()).contains("session_expired");
        assertThat(rows.get(0).error().orElseThrow()).startsWith("The session of main has lapsed. Sign in again");
        assertThat(next.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(next.reason().orElseThrow()).contains("signed_out: main");

        server.always(OpenAi.says("All is well."));
        home.runtime().signedIn("main");
        assertThat(home.run(AgentHome.brief().set(JobField.NAME, "third")).status())
                .isEqualTo(ExecutionStatus.OK);
    }

    @Test
    void anAnswerThatQuotesALapseIsAnAnswer() {
        server.always(OpenAi.says("In the log: Acme API error (401 Unauthorized): " + LAPSED));

        assertThat(home.occur(AgentHome.brief())).extracting(Execution::status).containsExactly(ExecutionStatus.OK);
        assertThat(home.runtime().signedOut()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"error\":{\"code\":\"context_length_exceeded\"}}|context_too_long",
                "400|{\"error\":{\"code\":\"content_filter\"}}|refused",
                "404|{\"error\":{\"code\":\"model_not_found\"}}|unknown_model",
                "429|{\"error\":{\"code\":\"insufficient_quota\"}}|quota",
                "400|{\"error\":\"what?\"}|bad_request",
                "403|{\"error\":\"no\"}|forbidden",
            })
    void whatWillFailTheSameWayAgainIsAskedOnce(int status, String body, String word) {
        server.always(Reply.status(status, body));

        List<Execution> rows = home.occur(AgentHome.brief());

        assertThat(server.requests).hasSize(1);
        assertThat(rows.get(0).failureKind()).contains("terminal");
        assertThat(rows.get(0).reason()).contains(word);
    }

    @Test
    void whoCannotBeReachedIsSaidToBeUnreachable() throws Exception {
        server.close();

        Execution row = home.run(AgentHome.brief());

        assertThat(row.failureKind()).contains("unreachable");
        assertThat(row.error().orElseThrow()).contains("cannot be reached");
    }

    @Test
    void aHangIsEndedAtTheTimeLimitAndAtTheIdleLimitAndByAPerson() throws Exception {
        server.always(Reply.hang());

        Execution timed = home.run(AgentHome.brief().set(JobField.TIMEOUT, Duration.ofSeconds(2)));
        Execution idle = home.run(AgentHome.brief().set(JobField.IDLE_TIMEOUT, Duration.ofSeconds(2)));

        assertThat(timed.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        assertThat(timed.took().orElseThrow()).isLessThan(Duration.ofSeconds(8));
        assertThat(idle.error().orElseThrow()).contains("idle limit");
        assertThat(idle.usage().orElseThrow().turns()).isEqualTo(1);

        String id = home.create(AgentHome.brief(), "every 1d");
        var begun = home.begin(id);
        org.awaitility.Awaitility.await().until(() -> server.requests.size() == 3);
        home.runtime().jobs().cancel(id, Optional.empty());
        Execution cancelled = begun.completion().toCompletableFuture().get(20, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(cancelled.status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    void anUnpinnedJobFallsBackAndAPinnedOneNever() throws Exception {
        try (WireServer spare = new WireServer()) {
            server.always(Reply.status(503, "busy"));
            spare.always(OpenAi.says("By the spare one."));
            home.openAi("spare", spare).set("agent.default", "main").set("agent.fallback", "spare");

            Execution free = home.run(AgentHome.brief());
            Execution pinned = home.run(AgentHome.brief().set(JobField.MODEL, "main"));

            assertThat(free.status()).isEqualTo(ExecutionStatus.OK);
            assertThat(free.usage().orElseThrow().model()).isEqualTo("spare-model");
            assertThat(pinned.status()).isEqualTo(ExecutionStatus.ERROR);
            assertThat(spare.requests).hasSize(1);
        }
    }

    @Test
    void aBudgetIsKeptAndSaidOnce() throws Exception {
        server.always(OpenAi.says("All is well."));
        String id = home.create(AgentHome.brief().set(JobField.BUDGET, Map.of("tokens_per_day", 200)), "every 1d");

        assertThat(home.run(id).status()).isEqualTo(ExecutionStatus.OK);
        assertThat(home.run(id).status()).as("110 of 200 were used").isEqualTo(ExecutionStatus.OK);
        Execution over = home.run(id);
        home.run(id);

        assertThat(over.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(over.reason()).contains("budget");
        assertThat(server.requests).hasSize(2);
        home.assertSent(3);
        assertThat(home.sent)
                .filteredOn(text -> text.contains("budget of 200 tokens a day is used up"))
                .hasSize(1);
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingIsSpent() throws Exception {
        Execution noModel = home.run(AgentHome.brief().set(JobField.MODEL, "nobody"));
        Execution noFolder = home.run(AgentHome.brief().set(JobField.WORKDIR, "/no/such/folder"));
        Execution noSkill = home.run(
                AgentHome.brief().set(JobField.SKILLS, List.of("absent")).set(JobField.REQUIRE_SKILLS, true));

        assertThat(List.of(noModel, noFolder, noSkill))
                .extracting(Execution::status)
                .containsOnly(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(noModel.error().orElseThrow()).contains("\"nobody\"", "main");
        assertThat(noFolder.error().orElseThrow()).contains("/no/such/folder");
        assertThat(noSkill.error().orElseThrow()).contains("absent");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aRetryAfterToolsIsOnlyForWhoAsksForIt() {
        Retry given = (Retry) JobField.RETRY.read(Map.of("max_retries", 1, "after_tools", true));

        assertThat(given.afterTools()).contains(true);
        assertThat(JobField.RETRY.read(JobField.RETRY.write(given))).isEqualTo(given);
    }
}
