package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code kairos mcp} as a real process, driven by the library's own client, and by hand. */
class McpServerTest extends CronjobToolContract {
    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.kairos.app.Kairos",
                "mcp",
                "--home",
                home.toString());
    }

    @Override
    McpClientTransport transport() {
        List<String> command = command();
        return new StdioClientTransport(
                ServerParameters.builder(command.get(0))
                        .args(command.subList(1, command.size()))
                        .env(variables())
                        .build(),
                McpJsonDefaults.getMapper());
    }

    @Override
    boolean hasDaemon() {
        return false;
    }

    @Test
    void anAgentsOwnRunMayLookButNotChange() {
        variable("KAIROS_CRON_SESSION", "1");
        connected();

        assertThat(refused("action", "create", "schedule", "every 2h", "prompt", "Look.")
                        .path("what")
                        .asText())
                .contains("run may not change jobs");
        assertThat(done("action", "list").path("jobs")).isEmpty();
    }

    @Test
    void nothingButTheProtocolIsOnStandardOutputAndTheEndOfInputEndsIt() throws Exception {
        Process process = new ProcessBuilder(command()).start();
        OutputStream to = process.getOutputStream();
        for (String line : List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                        + "\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "this is no protocol",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"cronjob\",\"arguments\":"
                        + "{\"action\":\"create\",\"schedule\":\"every 2h\",\"prompt\":\"Look.\",\"deliver\":[\"console\"]}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"cronjob\",\"arguments\":"
                        + "{\"action\":\"list\"}}}")) {
            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
        }
        List<String> lines = new ArrayList<>();
        try (BufferedReader from = process.inputReader(StandardCharsets.UTF_8)) {
            while (lines.stream().noneMatch(line -> line.contains("\"id\":3"))) {
                lines.add(from.readLine());
            }
            to.close();
            from.lines().forEach(lines::add);
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(OpenAi.tree(line).path("jsonrpc").asText()).isEqualTo("2.0"));
        assertThat(process.exitValue()).isZero();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLineThatIsNoMessageIsToldSoAndEndsNothing() throws Exception {
        Process process = new ProcessBuilder(command()).start();
        try (OutputStream to = process.getOutputStream();
                BufferedReader from = process.inputReader(StandardCharsets.UTF_8)) {
            for (String wrong : NO_MESSAGES.keySet()) {
                to.write((wrong + "\n").getBytes(StandardCharsets.UTF_8));
                to.flush();
                assertToldHowToMend(wrong, OpenAi.tree(from.readLine()));
            }
            to.write(
                    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}\n")
                            .getBytes(StandardCharsets.UTF_8));
            to.flush();
            assertThat(OpenAi.tree(from.readLine()).has("result")).isTrue();
            to.close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
