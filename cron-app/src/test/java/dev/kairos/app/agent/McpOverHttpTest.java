package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.app.ServeThread;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MCP over HTTP as {@code kairos serve} answers it: the story of the tool, and what is HTTP's own. */
class McpOverHttpTest extends CronjobToolContract {
    private static final String INITIALIZE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                    + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

    private ServeThread daemon;

    @BeforeEach
    void wantAServer() throws IOException {
        Files.writeString(home.resolve("config.yaml"), "server:\n  port: 0\n", StandardOpenOption.APPEND);
    }

    @AfterEach
    void endTheDaemon() {
        if (daemon != null) {
            assertThat(daemon.end()).as(daemon.noted()).isZero();
        }
    }

    private ServeThread served() {
        if (daemon == null) {
            daemon = ServeThread.on(home, variables());
        }
        return daemon;
    }

    @Override
    McpClientTransport transport() throws IOException {
        String token = served().token();
        return HttpClientStreamableHttpTransport.builder(served().url())
                .httpRequestCustomizer(
                        (request, method, uri, body, context) -> request.header("Authorization", "Bearer " + token))
                .build();
    }

    @Override
    boolean hasDaemon() {
        return true;
    }

    private HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(served().url() + "/mcp"))
                .header("Authorization", "Bearer " + served().token())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aMessageThatIsNoneIsToldSoAndTheNextIsAnswered() throws Exception {
        for (Map.Entry<String, Integer> wrong : NO_MESSAGES.entrySet()) {
            String sent = wrong.getKey();
            HttpResponse<String> told = post(sent);
            assertThat(told.statusCode()).as(sent).isEqualTo(wrong.getValue() == -32602 ? 200 : 400);
            assertToldHowToMend(sent, OpenAi.tree(told.body()));
        }
        HttpResponse<String> answered = post(INITIALIZE);
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(OpenAi.tree(answered.body()).at("/result/serverInfo/name").asText())
                .isEqualTo("kairos");
        assertThat(answered.headers().firstValue("mcp-session-id")).isEmpty();
    }

    @Test
    void noSessionIsNeededAndUnknownMethodsAreToldSo() throws Exception {
        HttpResponse<String> listed = post("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/list\"}");
        assertThat(OpenAi.tree(listed.body()).at("/result/tools/0/name").asText())
                .isEqualTo("cronjob");
        HttpResponse<String> unknown = post("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no/such\"}");
        assertThat(OpenAi.tree(unknown.body()).at("/error/code").asInt()).isEqualTo(-32601);
        assertThat(post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(post(INITIALIZE, "MCP-Protocol-Version", "1999-01-01").statusCode())
                .isEqualTo(400);
        assertThat(post(INITIALIZE, "MCP-Protocol-Version", "2025-06-18").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theJobsAreTheDaemonsEvenWhereNoFileHoldsThem() throws Exception {
        Files.writeString(home.resolve("config.yaml"), "store:\n  url: \"memory:\"\n", StandardOpenOption.APPEND);
        connected();

        done("action", "create", "name", "brief", "schedule", "every 2h", "prompt", "Look.");

        assertThat(done("action", "run", "job", "brief", "wait", true)
                        .path("message")
                        .asText())
                .isEqualTo("it ran");
        assertThat(done("action", "list").path("jobs")).hasSize(1);
    }

    @Test
    void withoutTheTokenThereIsNothing() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(served().url() + "/mcp"));
        for (HttpRequest one : List.of(
                request.copy()
                        .POST(HttpRequest.BodyPublishers.ofString(INITIALIZE))
                        .build(),
                request.copy().GET().build())) {
            assertThat(HttpClient.newHttpClient()
                            .send(one, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
    }
}
