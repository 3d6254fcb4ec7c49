package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.agent.WireServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands wrong in the configuration ends a run before anything is sent, and a budget that nobody could keep does too. */
class AgentCheckTest {
    @TempDir
    Path folder;

    private WireServer server;
    private AgentHome home;

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        server.always(OpenAi.says("All is well."));
        home = new AgentHome(folder).openAi("main", server);
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent.models.main.base_url         | 127.0.0.1:1/v1     | none of HTTP",
                "agent.models.main.base_url         | ftp://127.0.0.1/v1 | none of HTTP",
                "agent.models.main.base_url         | http://local host  | none of HTTP",
                "agent.models.main.key              | two words          | correct agent.models.main.key",
                "agent.models.main.reasoning_effort | huge               | no such effort",
                "agent.models.main.max_tokens       | -3                 | out of range",
                "agent.models.main.price_in         | lots               | not an amount",
                "agent.models.main.timeout          | soon               | agent.models.main.timeout",
                "agent.models.main.stream           | maybe              | agent.models.main.stream",
                "agent.max_turns                    | 0                  | out of range",
                "agent.max_parallel                 | many               | agent.max_parallel",
                "agent.budget.tokens_per_hour       | 5                  | no such budget",
                "agent.mcp_servers.w.url            | 127.0.0.1:1/mcp    | none of HTTP",
                "agent.mcp_servers.w.url            | http://a b/mcp     | none of HTTP",
                "agent.mcp_servers.w.token          | two words          | neither a command nor a url",
                "agent.mcp_servers.w.start_timeout  | soon               | agent.mcp_servers.w",
                "agent.mcp_servers                  | npx                | give each entry a name"
            })
    void aValueThatCannotBeMeantBlocksTheRunAndNothingIsSent(String key, String value, String told) throws Exception {
        Execution row = home.set(key, value).run(AgentHome.brief());

        assertThat(row.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(row.error().orElseThrow()).contains(told).doesNotContain("two words");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aBudgetInMoneyBlocksTheRunWhereNothingSaysWhatIsPaid() throws Exception {
        Execution row = home.run(AgentHome.brief().set(JobField.BUDGET, Map.of("cost_per_day", "0.01")));

        assertThat(row.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(row.reason()).contains("budget");
        assertThat(row.error().orElseThrow()).contains("set agent.models.main.price_in");
        assertThat(server.requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"cost_per_run, 0.0001, 2", "cost_per_day, 0.0001, 1", "tokens_per_run, 110, 2", "tokens_per_day, 110, 1"
    })
    void aBudgetEndsALoopOfCallsAndADaysAlsoTheNextRun(String budget, String most, int asked) throws Exception {
        server.always(OpenAi.calls("nothing", "{}"));
        home.set("agent.models.main.price_in", "1").set("agent.models.main.price_out", "1");
        String id = home.create(AgentHome.brief().set(JobField.BUDGET, Map.of(budget, most)), "every 1d");

        Execution row = home.run(id);

        assertThat(row.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(row.reason()).contains("budget");
        assertThat(row.usage().orElseThrow().turns()).isEqualTo(1);
        home.run(id);
        assertThat(server.requests).hasSize(asked);
    }

    @Test
    void theBudgetOfAllAgentsHoldsForEachOfThem() throws Exception {
        home.set("agent.budget.tokens_per_day", "100");

        Execution first = home.run(AgentHome.brief());
        Execution other = home.run(AgentHome.brief().set(JobField.NAME, "another"));

        assertThat(first.status()).isEqualTo(ExecutionStatus.OK);
        assertThat(other.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(other.error().orElseThrow()).contains("the budget of all agents of 100 tokens a day is used up");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatAnEndpointDoesNotCountIsEstimatedSoThatABudgetHolds() throws Exception {
        server.always(
                Reply.json(
                        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
                                + "\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"Well.\"}}]}"));
        String id = home.create(AgentHome.brief().set(JobField.BUDGET, Map.of("tokens_per_day", 150)), "every 1d");

        assertThat(home.run(id).usage().orElseThrow()).satisfies(used -> {
            assertThat(used.tokensIn()).isBetween(100L, 1_000L);
            assertThat(used.tokensOut()).isBetween(1L, 100L);
        });
        assertThat(home.run(id).status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aProgramThatSaysNothingOfItsUseBlocksTheRunOfAJobWithABudget() throws Exception {
        home.command("own", List.of("/bin/true"));

        for (String budget : List.of("tokens_per_run", "cost_per_run")) {
            Execution row = home.run(AgentHome.brief()
                    .set(JobField.NAME, budget)
                    .set(JobField.MODEL, "own")
                    .set(JobField.BUDGET, Map.of(budget, 5)));

            assertThat(row.status()).as(budget).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
            assertThat(row.error().orElseThrow()).as(budget).contains("cannot be kept");
        }
    }

    @Test
    void whatCannotKeepABudgetIsNoFallback() throws Exception {
        home.set("agent.default", "main")
                .set("agent.fallback", "spare")
                .set("agent.models.main.price_in", "0")
                .openAi("spare", server);
        server.always(Reply.status(503, "busy"));

        Execution row = home.run(AgentHome.brief().set(JobField.BUDGET, Map.of("cost_per_day", 5)));

        assertThat(row.status()).isEqualTo(ExecutionStatus.ERROR);
        assertThat(server.requests).hasSize(1);
    }
}
