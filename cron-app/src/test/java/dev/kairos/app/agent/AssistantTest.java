package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.tool.ToolAnswer;
import dev.kairos.api.tool.ToolCall;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.builtin.cronjob.Cronjob;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.runner.agent.AgentTools;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application's own assistant, made with the library, schedules work through the tool; only its model is played. */
class AssistantTest {
    private static final Map<String, Object> CHAT = Map.of("platform", "telegram", "chat", "42");

    @TempDir
    Path folder;

    private WireServer server;
    private CronRuntime runtime;

    /** What an application declares for the library. */
    interface Assistant {
        String chat(String said);
    }

    @BeforeEach
    void open() throws IOException {
        server = new WireServer();
        runtime = runtime(Map.of()).build();
    }

    @AfterEach
    void close() throws IOException {
        runtime.close();
        server.close();
    }

    private RuntimeBuilder runtime(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("PATH", System.getenv("PATH"));
        return CronRuntime.builder()
                .home(folder)
                .caller(Caller.application())
                .settings(Map.of("store.url", "memory:", "cron.timezone", "UTC"))
                .variables(variables)
                .runner(new Parrot());
    }

    private Assistant assistant() {
        return AiServices.builder(Assistant.class)
                .chatModel(OpenAiChatModel.builder()
                        .baseUrl(server.url())
                        .apiKey("k")
                        .modelName("m")
                        .maxRetries(0)
                        .build())
                .toolProvider(new AgentTools(Cronjob.of(runtime, "assistant")).withOrigin(memory -> Optional.of(CHAT)))
                .build();
    }

    /** What the model was told that its calls did, in the request. */
    private List<JsonNode> told(int request) {
        return OpenAi.tree(server.requests.get(request).body()).path("messages").findParents("tool_call_id").stream()
                .map(message -> OpenAi.tree(message.path("content").asText()))
                .toList();
    }

    private JsonNode tool(Object... namesAndValues) throws InterruptedException {
        Map<String, Object> arguments = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        ToolAnswer answer = Cronjob.of(runtime, "assistant").call(ToolCall.of(arguments));
        assertThat(OpenAi.tree(answer.text()).has("error")).isEqualTo(answer.isError());
        return OpenAi.tree(answer.text());
    }

    @Test
    void aModelCreatesAndListsAJobInALoopOfTheLibrarysOwn() {
        server.then(
                        OpenAi.calls(
                                "cronjob",
                                "{\"action\":\"create\",\"name\":\"brief\",\"schedule\":\"weekdays at 9am\","
                                        + "\"prompt\":\"Read the news.\",\"skills\":[\"review\"]}"),
                        OpenAi.calls("cronjob", "{\"action\":\"list\"}", "cronjob", "{broken"))
                .always(OpenAi.says("I will, on weekdays."));

        assertThat(assistant().chat("Tell me the news each morning.")).isEqualTo("I will, on weekdays.");

        JsonNode offered = OpenAi.tree(server.requests.get(0).body()).at("/tools/0/function");
        assertThat(offered.path("name").asText()).isEqualTo("cronjob");
        assertThat(offered.at("/parameters/properties/action/enum")).hasSize(8);
        assertThat(offered.at("/parameters/required/0").asText()).isEqualTo("action");
        assertThat(told(1).get(0).at("/understood/next")).hasSize(3);
        Job job = runtime.jobs().find("brief");
        assertThat(job.definition().get(JobField.PROMPT)).contains("Read the news.");
        assertThat(job.definition().toMap().get("origin")).isEqualTo(CHAT);
        String results =
                OpenAi.tree(server.requests.get(2).body()).path("messages").toString();
        assertThat(results).contains("\\\"yours\\\":true", "no JSON object");
    }

    @Test
    void anAssistantHasAnAgentsRightsWhateverItsApplicationMay() throws Exception {
        runtime.jobs()
                .create(AgentHome.brief()
                        .set(JobField.DELIVER, List.of("local"))
                        .set(
                                JobField.SCHEDULE,
                                runtime.jobs()
                                        .readSchedule("every 1d", Optional.empty())
                                        .schedule())
                        .build());

        for (String field : List.of("script", "handler", "env", "workdir", "timeout", "model", "origin")) {
            assertThat(tool("action", "create", "schedule", "every 2h", "prompt", "Look.", field, "x")
                            .at("/error/what")
                            .asText())
                    .contains("only a person may set it");
        }
        assertThat(tool("action", "create", "schedule", "every 1m", "prompt", "Look.")
                        .at("/error/what")
                        .asText())
                .contains("5 minutes");
        assertThat(tool("action", "create", "schedule", "every 2h", "prompt", "Look.", "deliver", "slack:general")
                        .has("error"))
                .isTrue();
        assertThat(tool("action", "list").at("/jobs/0").has("prompt")).isFalse();
        for (String action : List.of("pause", "resume", "run", "remove")) {
            assertThat(tool("action", action, "job", "brief").at("/error/what").asText())
                    .contains("only the jobs it created");
        }
        for (int i = 0; i < 20; i++) {
            assertThat(tool("action", "create", "schedule", "every 2h", "prompt", "Look.")
                            .has("job"))
                    .isTrue();
        }
        assertThat(tool("action", "create", "schedule", "every 2h", "prompt", "Look.")
                        .has("error"))
                .isTrue();
        assertThat(runtime.jobs().list()).hasSize(21);
    }

    @Test
    void aJobOfItsOwnRunsInTheApplicationOnceThatIsStartedAndIsWithdrawnBefore() throws Exception {
        tool("action", "create", "name", "brief", "schedule", "every 2h", "prompt", "Look.");

        JsonNode early = tool("action", "run", "job", "brief", "wait", true);
        assertThat(early.at("/error/what").asText()).contains("nothing runs jobs here now");
        assertThat(runtime.status().isStarted())
                .as("that is the application's to do")
                .isFalse();

        runtime.start();
        JsonNode ran = tool("action", "run", "job", "brief", "wait", true);
        assertThat(ran.path("status").asText()).isEqualTo("ok");
        assertThat(ran.path("message").asText()).isEqualTo("Polly says: Look.");
        assertThat(tool("action", "pause", "job", "brief").has("nothing_fires")).isFalse();
    }

    @Test
    void aProcessWithinAJobsRunChangesNothing() throws Exception {
        runtime.close();
        runtime = runtime(Map.of("KAIROS_CRON_SESSION", "1")).build();

        assertThat(tool("action", "create", "schedule", "every 2h", "prompt", "Look.")
                        .at("/error/what")
                        .asText())
                .contains("run may not change jobs");
        assertThat(tool("action", "list").path("jobs")).isEmpty();
    }

    @Test
    void anAgentNeedsANameThatIsNobodyElses() {
        assertThatThrownBy(() -> Cronjob.of(runtime, "")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Runs agents' jobs as the application sees fit. */
    private static final class Parrot implements JobRunner {
        @Override
        public String kind() {
            return WorkKind.AGENT.word();
        }

        @Override
        public RunResult run(RunRequest request) {
            return RunResult.ok("Polly says: "
                    + request.job().definition().get(JobField.PROMPT).orElse(""));
        }
    }
}
