package dev.kairos.app.command;

import dev.kairos.app.terminal.Io;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos mcp}: an MCP server on standard input and output, with the one tool {@code cronjob}. */
final class McpCommand extends Command {
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
            McpTool shared = new McpTool(tool);
            McpSyncServer server = McpServer.sync(
                            new StdioServerTransportProvider(McpJsonDefaults.getMapper(), input, protocol))
                    .serverInfo(McpTool.SERVER, VersionCommand.version())
                    .instructions(McpTool.INSTRUCTIONS)
                    .capabilities(McpTool.capabilities())
                    .validateToolInputs(false) // ours says how to mend the call
                    .toolCall(McpTool.description(), (exchange, request) -> shared.call(request))
                    .build();
            input.awaitEnd();
            server.closeGracefully();
        }
        return ExitCode.DONE;
    }
}
