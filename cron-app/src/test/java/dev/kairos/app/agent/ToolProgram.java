package dev.kairos.app.agent;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A tool server as a program of its own, made of the library's server. Its first argument is a folder for its traces. */
final class ToolProgram {
    private ToolProgram() {}

    /** The command that starts it. */
    static List<String> command(Path traces) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ToolProgram.class.getName(),
                traces.toString());
    }

    public static void main(String[] arguments) throws Exception {
        Path traces = Path.of(arguments[0]);
        String self = String.valueOf(ProcessHandle.current().pid());
        Files.writeString(traces.resolve("server.pid"), self);
        Files.writeString(traces.resolve("server-" + self), self);
        McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper()))
                .serverInfo("tool-program", "1")
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .tools(tools(traces))
                .build();
        new CountDownLatch(1).await();
    }

    /** What it offers. */
    static List<SyncToolSpecification> tools(Path traces) {
        return List.of(
                tool("echo", given -> said("you said " + given.get("text"))),
                tool(
                        "fail",
                        given -> CallToolResult.builder(
                                        List.<McpSchema.Content>of(McpSchema.TextContent.builder("the disk is on fire")
                                                .build()))
                                .isError(true)
                                .build()),
                tool("session", given -> said("KAIROS_CRON_SESSION=" + System.getenv("KAIROS_CRON_SESSION"))),
                tool("cronjob", given -> said("a job was made")),
                tool("meet", given -> met(traces, String.valueOf(given.get("text")))),
                tool("detach", given -> detached(traces)));
    }

    static SyncToolSpecification tool(String name, Function<Map<String, Object>, CallToolResult> body) {
        Map<String, Object> schema = Map.of(
                "type", "object", "properties", Map.of("text", Map.of("type", "string", "description", "what to say")));
        return SyncToolSpecification.builder()
                .tool(McpSchema.Tool.builder(name, schema)
                        .description("the tool " + name)
                        .build())
                .callHandler((exchange, request) -> body.apply(request.arguments()))
                .build();
    }

    static CallToolResult said(String text) {
        return CallToolResult.builder(List.<McpSchema.Content>of(
                        McpSchema.TextContent.builder(text).build()))
                .build();
    }

    /** Waits for the other one: two calls, one after the other, would never meet. */
    private static CallToolResult met(Path traces, String who) {
        try {
            Files.writeString(traces.resolve("met-" + who), "");
            String other = who.equals("a") ? "b" : "a";
            for (int i = 0; i < 200; i++) {
                if (Files.exists(traces.resolve("met-" + other))) {
                    return said(who + " met " + other);
                }
                Thread.sleep(50);
            }
            return said(who + " met nobody");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaves a process in a session of its own, and never answers. */
    private static CallToolResult detached(Path traces) {
        try {
            Process left = new ProcessBuilder("setsid", "sleep", "600").start();
            Files.writeString(traces.resolve("detached-" + left.pid()), String.valueOf(left.pid()));
            new CountDownLatch(1).await();
            return said("never");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
