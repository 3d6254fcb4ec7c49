package dev.kairos.runner.agent;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One MCP server of a run: started or connected to for it, and ended with it. */
final class ToolServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");
    private static final Set<String> KEYS = Set.of("command", "url", "env", "token", "timeout", "start_timeout");
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
        Optional<String> lacking = trouble(name, settings);
        if (lacking.isPresent()) {
            throw new Blocked("config", lacking.get());
        }
        unread(settings).forEach(text -> LOG.warn("cron.agent {}", text));
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

    /**
     * Why the server cannot be come by, as its entry stands; opens nothing.
     *
     * @throws dev.kairos.api.InvalidInputException if a value has a wrong form
     */
    static Optional<String> trouble(String name, Settings settings) {
        Optional<String> url = settings.text("url").map(String::strip).filter(text -> !text.isEmpty());
        if (url.isEmpty() && settings.texts("command").isEmpty()) {
            return Optional.of(
                    "the tool server " + name + " has neither a command nor a url: set one in " + settings.path());
        }
        if (url.filter(text -> !HttpAddress.is(text)).isPresent()) {
            return Optional.of("the address of the tool server " + name + " is none of HTTP: set " + settings.path()
                    + ".url to one such as https://tools.example.org/mcp");
        }
        if (settings.text("token")
                .filter(token -> !token.strip().matches("[\\x21-\\x7e]*"))
                .isPresent()) {
            return Optional.of("the token of the tool server " + name + " holds a blank, a line break or a sign that no"
                    + " token has: correct " + settings.path() + ".token");
        }
        for (String key : List.of("start_timeout", "timeout")) {
            if (settings.duration(key)
                    .filter(time -> time.isZero() || time.isNegative())
                    .isPresent()) {
                return Optional.of("the tool server " + name + " is given no time: set " + settings.path() + "." + key
                        + " to one such as 30s");
            }
        }
        return Optional.empty();
    }

    /** The entry's keys that nobody reads. */
    static List<String> unread(Settings settings) {
        return settings.keys().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .map(key -> settings.path() + "." + key + " is no known key, so it is not read: see docs/agents.md")
                .toList();
    }

    private static McpClientTransport http(Settings settings, String url) {
        URI address = URI.create(url);
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
