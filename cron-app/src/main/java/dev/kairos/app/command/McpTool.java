package dev.kairos.app.command;

import dev.kairos.builtin.cronjob.CronjobSchema;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tool {@code cronjob} as MCP has it: the same on every transport. */
final class McpTool {
    static final String SERVER = "kairos";
    static final String INSTRUCTIONS =
            "Use the tool cronjob when the user wants something done later, or again and again.";
    private static final String ORIGIN = "origin";

    private final CronjobTool tool;

    McpTool(CronjobTool tool) {
        this.tool = tool;
    }

    static McpSchema.Tool description() {
        return McpSchema.Tool.builder(CronjobTool.NAME, CronjobSchema.input())
                .description(CronjobSchema.description())
                .build();
    }

    static McpSchema.ServerCapabilities capabilities() {
        return McpSchema.ServerCapabilities.builder().tools(false).build();
    }

    CallToolResult call(McpSchema.CallToolRequest request) {
        CronjobTool.Answer answer;
        try {
            answer = tool.call(Optional.ofNullable(request.arguments()).orElse(Map.of()), origin(request));
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
