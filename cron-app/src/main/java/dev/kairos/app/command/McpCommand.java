package dev.kairos.app.command;

import dev.kairos.app.terminal.Io;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos mcp}: an MCP server on standard input and output, with the one tool {@code cronjob}. */
final class McpCommand extends Command {
    private static final String ORIGIN = "origin";

    @Override
    List<String> description() {
        return List.of(
                "Speaks MCP on standard input and output, so that an agent can schedule work for its user: one tool,",
                "cronjob, with the rights of an agent. Name this command in the agent's list of MCP servers.",
                "Ends with its input.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos mcp", "kairos mcp --home /srv/kairos");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing but the common options
    }

    @Override
    int run(Arguments arguments, Session session) throws InterruptedException {
        session.endOnRequest();
        Io io = session.io();
        PrintStream protocol = io.out();
        // whatever a run says goes beside: standard output is the protocol's alone
        Io quiet = new Io(InputStream.nullInputStream(), io.err(), io.err(), io.variables(), Io.Terminals.NONE);
        ProtocolLines input = new ProtocolLines(io.raw(), protocol);
        try (CronjobTool tool = new CronjobTool(session::beside, quiet)) {
            McpSyncServer server = McpServer.sync(
                            new StdioServerTransportProvider(McpJsonDefaults.getMapper(), input, protocol))
                    .serverInfo("kairos", VersionCommand.version())
                    .instructions("Use the tool cronjob when the user wants something done later, or again and again.")
                    .capabilities(
                            McpSchema.ServerCapabilities.builder().tools(false).build())
                    .validateToolInputs(false) // ours says how to mend the call
                    .tools(List.of(specification(tool)))
                    .build();
            input.awaitEnd();
            server.closeGracefully();
        }
        return ExitCode.DONE;
    }

    private static SyncToolSpecification specification(CronjobTool tool) {
        return SyncToolSpecification.builder()
                .tool(McpSchema.Tool.builder(CronjobTool.NAME, CronjobSchema.input())
                        .description(CronjobSchema.description())
                        .build())
                .callHandler((exchange, request) ->
                        result(tool, Optional.ofNullable(request.arguments()).orElse(Map.of()), origin(request)))
                .build();
    }

    private static CallToolResult result(
            CronjobTool tool, Map<String, Object> arguments, Optional<Map<String, Object>> origin) {
        CronjobTool.Answer answer;
        try {
            answer = tool.call(arguments, origin);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            answer = new CronjobTool.Answer(
                    "{\"error\":{\"what\":\"the server is ending\",\"do\":\"try again later\"}}", true);
        }
        return CallToolResult.builder(List.<McpSchema.Content>of(
                        McpSchema.TextContent.builder(answer.text()).build()))
                .isError(answer.isError())
                .build();
    }

    /** The chat in which the client is asked, in the request's _meta: {@code {"origin": {"platform", "chat", "thread"}}}. */
    private static Optional<Map<String, Object>> origin(McpSchema.CallToolRequest request) {
        if (request.meta() == null || !(request.meta().get(ORIGIN) instanceof Map<?, ?> given)) {
            return Optional.empty();
        }
        Map<String, Object> origin = new LinkedHashMap<>();
        given.forEach((key, value) -> origin.put(String.valueOf(key), String.valueOf(value)));
        return Optional.of(origin);
    }
}
