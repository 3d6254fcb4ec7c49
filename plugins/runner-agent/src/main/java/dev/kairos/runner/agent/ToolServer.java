package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.env.PipedProcess;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.run.FailureKind;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One MCP server of a run: started or connected to for it, and ended with it. */
final class ToolServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");
    private static final Duration BEGIN = Duration.ofSeconds(30);
    private static final Duration CALL = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int STDERR_LIMIT = 20_000;
    private static final int MOST_PAGES = 50;

    private final String name;
    private final McpSyncClient client;
    private final Optional<PipedProcess> child;
    private List<McpSchema.Tool> tools = List.of();

    private ToolServer(String name, McpSyncClient client, Optional<PipedProcess> child) {
        this.name = name;
        this.client = client;
        this.child = child;
    }

    /** Starts the server and asks what it offers. */
    static ToolServer open(String name, Settings settings, AgentSession session)
            throws BackendFailure, Blocked, InterruptedException {
        Optional<PipedProcess> child = Optional.empty();
        McpClientTransport transport;
        Optional<String> url = settings.text("url").map(String::strip).filter(text -> !text.isEmpty());
        if (url.isPresent()) {
            transport = http(settings, url.get());
        } else {
            PipedProcess started = start(name, settings, session);
            child = Optional.of(started);
            transport = new StdioTransport(started, session.host().environment());
        }
        McpSyncClient client = McpClient.sync(transport)
                .clientInfo(McpSchema.Implementation.builder("kairos", "0.1").build())
                .initializationTimeout(settings.duration("start_timeout").orElse(BEGIN))
                .requestTimeout(settings.duration("timeout").orElse(CALL))
                .build();
        ToolServer server = new ToolServer(name, client, child);
        try {
            server.begin();
            return server;
        } catch (RuntimeException trouble) {
            String stderr = child.map(PipedProcess::stderr).orElse("").strip();
            server.close();
            Interruption.passOn(trouble);
            throw BackendFailure.of(
                            FailureKind.TRANSIENT,
                            "tools_unavailable",
                            "the tool server " + name + " did not come up: " + Interruption.words(trouble) + "; see "
                                    + settings.path())
                    .withRaw(stderr);
        }
    }

    private static PipedProcess start(String name, Settings settings, AgentSession session)
            throws BackendFailure, Blocked {
        Optional<String> trouble = trouble(name, settings);
        if (trouble.isPresent()) {
            throw new Blocked("config", trouble.get());
        }
        List<String> command = settings.texts("command");
        Map<String, String> variables = new LinkedHashMap<>(session.host().childVariables(session.request()));
        Settings env = settings.at("env");
        env.keys().forEach(key -> env.text(key).ifPresent(value -> variables.put(key, value)));
        variables.put("KAIROS_CRON_SESSION", "1");
        try {
            return session.host()
                    .environment()
                    .processes()
                    .converse(new ProcessSpec(command, session.place().folder(), variables, STDERR_LIMIT));
        } catch (NoSuchFileException missing) {
            throw new Blocked(
                    "config",
                    "the tool server " + name + " cannot be started: " + missing.getMessage()
                            + ". Install it, or correct " + settings.path() + ".command");
        } catch (IOException refused) {
            throw BackendFailure.of(
                    FailureKind.TRANSIENT,
                    "tools_unavailable",
                    "the tool server " + name + " cannot be started: " + refused.getMessage());
        }
    }

    /** Why the server cannot be come by, as its entry stands; opens nothing. */
    static Optional<String> trouble(String name, Settings settings) {
        boolean isNamed = !settings.texts("command").isEmpty()
                || settings.text("url").filter(text -> !text.isBlank()).isPresent();
        return isNamed
                ? Optional.empty()
                : Optional.of(
                        "the tool server " + name + " has neither a command nor a url: set one in " + settings.path());
    }

    private static McpClientTransport http(Settings settings, String url) {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException(
                    settings.path() + ".url", "", "it is no address", "for example https://tools.example.org/mcp");
        }
        String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/mcp" : address.getRawPath();
        HttpClientStreamableHttpTransport.Builder builder = HttpClientStreamableHttpTransport.builder(
                        address.getScheme() + "://" + address.getRawAuthority())
                .endpoint(address.getRawQuery() == null ? path : path + "?" + address.getRawQuery())
                .connectTimeout(BEGIN);
        settings.text("token")
                .map(String::strip)
                .filter(token -> !token.isEmpty())
                .ifPresent(token -> builder.addHttpRequestCustomizer((request, method, uri, body, context) ->
                        request.setHeader("Authorization", "Bearer " + token)));
        return builder.build();
    }

    private void begin() {
        client.initialize();
        List<McpSchema.Tool> all = new ArrayList<>();
        @Nullable String cursor = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            McpSchema.ListToolsResult result = cursor == null ? client.listTools() : client.listTools(cursor);
            all.addAll(result.tools());
            cursor = result.nextCursor();
            if (cursor == null || cursor.isEmpty()) {
                break;
            }
        }
        tools = List.copyOf(all);
    }

    String name() {
        return name;
    }

    List<McpSchema.Tool> tools() {
        return tools;
    }

    McpSchema.CallToolResult call(String tool, Map<String, Object> arguments) {
        return client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    }

    /** Ends the server: its input is closed first, then the whole tree is ended, detached children included. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // an end that came meanwhile must not leave a process behind
        try {
            client.close();
        } catch (RuntimeException trouble) {
            LOG.debug("cron.agent mcp-close server={}", name, trouble);
        }
        child.ifPresent(process -> process.killTree(GRACE));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
