package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.kairos.api.Settings;
import dev.kairos.api.job.JobField;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools that the configured MCP servers offer, as far as the job allows them. The tool that schedules jobs is never
 * among them, whoever offers it, unless agents may schedule.
 */
final class McpTools implements ToolBox {
    private static final Logger LOG = LoggerFactory.getLogger("cron.agent");
    private static final String SCHEDULING = "cronjob";
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private final List<ToolServer> servers = new ArrayList<>();
    private final Map<String, Offer> offers = new LinkedHashMap<>();

    private record Offer(ToolServer server, McpSchema.Tool tool, ToolSpecification specification) {}

    private McpTools() {}

    static McpTools open(AgentSession session) throws BackendFailure, Blocked, InterruptedException {
        Optional<List<String>> allowed = session.request().job().definition().get(JobField.TOOLS);
        Settings settings = session.settings().servers();
        McpTools tools = new McpTools();
        boolean isWhole = false;
        try {
            for (String name : settings.keys()) {
                if (isWanted(name, allowed)) {
                    ToolServer server = ToolServer.open(name, settings.at(name), session);
                    tools.servers.add(server);
                    session.request().progressed();
                }
            }
            tools.servers.forEach(server -> server.tools().stream()
                    .filter(tool -> allowed.isEmpty() || isAllowed(server.name(), tool.name(), allowed.get()))
                    .filter(tool -> session.host().mayAgentsSchedule() || !isScheduling(tool.name()))
                    .forEach(tool -> tools.offer(server, tool)));
            allowed.ifPresent(words -> tools.missing(words, session));
            isWhole = true;
            return tools;
        } finally {
            if (!isWhole) {
                tools.close();
            }
        }
    }

    /** Whether a job with these words for its tools needs the server. */
    static boolean isWanted(String server, Optional<List<String>> allowed) {
        return allowed.isEmpty() || allowed.get().stream().anyMatch(word -> mayBeOf(server, word));
    }

    /** Whether a word of the job may name something of the server: a tool's own name may be anybody's. */
    private static boolean mayBeOf(String server, String word) {
        return !word.contains(".") || word.startsWith(server + ".");
    }

    /** A tool by its name, by {@code server.tool}, or a whole server by {@code server.*} or its name. */
    private static boolean isAllowed(String server, String tool, List<String> words) {
        return words.contains(tool)
                || words.contains(server + "." + tool)
                || words.contains(server + ".*")
                || words.contains(server);
    }

    private static boolean isScheduling(String tool) {
        return tool.strip().equalsIgnoreCase(SCHEDULING);
    }

    private void offer(ToolServer server, McpSchema.Tool tool) {
        String plain = tool.name().replaceAll("[^A-Za-z0-9_-]", "_");
        String name = offers.containsKey(plain) ? server.name() + "_" + plain : plain;
        name = name.length() > 64 ? name.substring(0, 64) : name;
        try {
            offers.putIfAbsent(name, new Offer(server, tool, ToolSchemas.of(name, tool)));
        } catch (JsonProcessingException | RuntimeException unusable) {
            LOG.warn("cron.agent tool-unusable server={} tool={}", server.name(), tool.name(), unusable);
        }
    }

    private void missing(List<String> words, AgentSession session) {
        List<String> unknown = words.stream()
                .filter(word -> offers.values().stream()
                        .noneMatch(offer ->
                                isAllowed(offer.server().name(), offer.tool().name(), List.of(word))))
                .toList();
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "cron.agent job={} tools-missing={} no server of agent.mcp_servers offers them",
                    session.request().job().id(),
                    unknown);
        }
    }

    @Override
    public List<ToolSpecification> specifications() {
        return offers.values().stream().map(Offer::specification).toList();
    }

    @Override
    public String call(ToolExecutionRequest request) throws InterruptedException {
        Offer offer = offers.get(request.name());
        if (offer == null) {
            return "Error: there is no tool \"" + request.name() + "\". You have: "
                    + (offers.isEmpty() ? "none" : String.join(", ", offers.keySet())) + ".";
        }
        Map<String, Object> arguments;
        try {
            String given = Optional.ofNullable(request.arguments()).orElse("");
            arguments = given.isBlank() ? Map.of() : Json.MAPPER.readValue(given, TREE);
        } catch (JsonProcessingException malformed) {
            return "Error: the arguments are no JSON object: " + malformed.getOriginalMessage();
        }
        try {
            return text(offer.server().call(offer.tool().name(), arguments));
        } catch (RuntimeException trouble) {
            Interruption.passOn(trouble);
            return "Error: " + Interruption.words(trouble);
        }
    }

    private static String text(McpSchema.CallToolResult result) {
        StringBuilder text = new StringBuilder();
        for (McpSchema.Content content : Optional.ofNullable(result.content()).orElse(List.of())) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(
                            content instanceof McpSchema.TextContent said
                                    ? said.text()
                                    : "[" + content.type() + ", which cannot be shown here]");
        }
        if (text.isEmpty() && result.structuredContent() != null) {
            text.append(Json.text(result.structuredContent()));
        }
        return Boolean.TRUE.equals(result.isError()) ? "Error: " + text : text.toString();
    }

    @Override
    public void close() {
        servers.forEach(ToolServer::close);
    }
}
