package dev.kairos.app.command;

import dev.kairos.app.server.Endpoint;
import dev.kairos.app.server.HttpAnswer;
import dev.kairos.app.server.HttpCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * MCP over streamable HTTP, without sessions: each message is answered by itself, so that nothing is kept for clients that
 * went, and a restart of the daemon is nothing to those that stay. The library is loaded with the first call.
 */
final class McpEndpoint implements Endpoint, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.mcp");
    private static final int LARGEST = 1 << 20;
    private static final Duration LONGEST = Duration.ofMinutes(11); // a run that is waited for may take ten

    private final CronjobTool tool;
    private @Nullable Served served;

    McpEndpoint(CronjobTool tool) {
        this.tool = tool;
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST"); // with GET a client would listen for what the server says unasked: it says nothing
    }

    @Override
    public int largestBody() {
        return LARGEST;
    }

    @Override
    public HttpAnswer answer(HttpCall call) {
        return served().answer(call);
    }

    private synchronized Served served() {
        Served made = served;
        if (made == null) {
            made = new Served(new McpTool(tool));
            served = made;
        }
        return made;
    }

    @Override
    public void close() {
        tool.close();
    }

    /** The library's server with a transport that is one method call. */
    private static final class Served implements McpStatelessServerTransport {
        private final McpJsonMapper json = McpJsonDefaults.getMapper();
        private @Nullable McpStatelessServerHandler handler;

        Served(McpTool tool) {
            McpServer.sync(this)
                    .serverInfo(McpTool.SERVER, VersionCommand.version())
                    .instructions(McpTool.INSTRUCTIONS)
                    .capabilities(McpTool.capabilities())
                    .validateToolInputs(false) // ours says how to mend the call
                    .immediateExecution(true) // on the server's thread, which is there for it
                    .toolCall(McpTool.description(), (context, request) -> tool.call(request))
                    .build();
        }

        @Override
        public void setMcpHandler(McpStatelessServerHandler given) {
            handler = given;
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public List<String> protocolVersions() {
            return List.of(
                    ProtocolVersions.MCP_2025_03_26, ProtocolVersions.MCP_2025_06_18, ProtocolVersions.MCP_2025_11_25);
        }

        HttpAnswer answer(HttpCall call) {
            Optional<String> version = call.header().apply(HttpHeaders.PROTOCOL_VERSION);
            if (version.filter(text -> !protocolVersions().contains(text)).isPresent()) {
                return refused(
                        McpSchema.ErrorCodes.INVALID_REQUEST,
                        "MCP-Protocol-Version must be one of " + String.join(", ", protocolVersions()));
            }
            String text = new String(call.body(), StandardCharsets.UTF_8);
            Optional<McpRefusal> refusal = McpRefusal.of(text);
            if (refusal.isPresent()) {
                return HttpAnswer.of(
                        refusal.get().isOfItsParameters() ? 200 : 400,
                        refusal.get().json());
            }
            McpSchema.JSONRPCMessage message;
            try {
                message = McpSchema.deserializeJsonRpcMessage(json, text);
            } catch (IOException | IllegalArgumentException e) {
                return refused(McpSchema.ErrorCodes.INVALID_REQUEST, "This is no JSON-RPC message.");
            }
            return message instanceof JSONRPCRequest request ? asked(request) : told(message);
        }

        private HttpAnswer asked(JSONRPCRequest request) {
            try {
                JSONRPCResponse response =
                        Objects.requireNonNull(known().handleRequest(McpTransportContext.EMPTY, request)
                                .block(LONGEST));
                return HttpAnswer.of(200, json.writeValueAsString(response));
            } catch (IOException | RuntimeException e) {
                LOG.error("cron.mcp method={} failed", request.method(), e);
                return HttpAnswer.of(
                        500,
                        error(
                                McpSchema.ErrorCodes.INTERNAL_ERROR,
                                "This should not have happened; see the server's log."));
            }
        }

        private HttpAnswer told(McpSchema.JSONRPCMessage message) {
            if (message instanceof JSONRPCNotification notification) {
                known().handleNotification(McpTransportContext.EMPTY, notification)
                        .onErrorComplete()
                        .block(LONGEST);
            }
            return HttpAnswer.of(202, "");
        }

        private McpStatelessServerHandler known() {
            return Objects.requireNonNull(handler);
        }

        private static HttpAnswer refused(int code, String what) {
            return HttpAnswer.of(400, error(code, what));
        }

        private static String error(int code, String what) {
            return "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" + code + ",\"message\":\"" + what + "\"}}";
        }
    }
}
