package dev.kairos.app.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** The shapes of an OpenAI-like endpoint and of an Anthropic-like one, written by hand from their documentation. */
final class OpenAi {
    static final ObjectMapper JSON = new ObjectMapper();

    private OpenAi() {}

    static WireServer.Reply says(String text) {
        return WireServer.Reply.json(answer("{\"role\":\"assistant\",\"content\":" + quoted(text) + "}", "stop"));
    }

    /** Calls given as pairs of a tool's name and its arguments. */
    static WireServer.Reply calls(String... namesAndArguments) {
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < namesAndArguments.length; i += 2) {
            calls.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"call_")
                    .append(i / 2)
                    .append("\",\"type\":\"function\",\"function\":{\"name\":")
                    .append(quoted(namesAndArguments[i]))
                    .append(",\"arguments\":")
                    .append(quoted(namesAndArguments[i + 1]))
                    .append("}}");
        }
        return WireServer.Reply.json(
                answer("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + calls + "]}", "tool_calls"));
    }

    private static String answer(String message, String reason) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"fake-1\",\"choices\":[{\"index\":0,"
                + "\"message\":" + message + ",\"finish_reason\":\"" + reason
                + "\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110}}";
    }

    static WireServer.Reply streams(String... parts) {
        String[] events = new String[parts.length + 3];
        for (int i = 0; i < parts.length; i++) {
            events[i] = chunk("{\"content\":" + quoted(parts[i]) + "}", "null");
        }
        events[parts.length] = chunk("{}", "\"stop\"");
        events[parts.length + 1] =
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake-1\","
                        + "\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110}}";
        events[parts.length + 2] = "data: [DONE]";
        return WireServer.Reply.events(events);
    }

    /** Calls in one turn of a stream, the arguments of each in two parts. */
    static WireServer.Reply streamsCalls(String... namesAndArguments) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < namesAndArguments.length; i += 2) {
            String arguments = namesAndArguments[i + 1];
            int middle = arguments.length() / 2;
            events.add(chunk(
                    call(
                            i / 2,
                            "\"id\":\"call_" + i / 2 + "\",\"type\":\"function\",\"function\":{\"name\":"
                                    + quoted(namesAndArguments[i]) + ",\"arguments\":"
                                    + quoted(arguments.substring(0, middle)) + "}"),
                    "null"));
            events.add(chunk(
                    call(i / 2, "\"function\":{\"arguments\":" + quoted(arguments.substring(middle)) + "}"), "null"));
        }
        events.add(chunk("{}", "\"tool_calls\""));
        events.add("data: [DONE]");
        return WireServer.Reply.events(events.toArray(String[]::new));
    }

    private static String call(int index, String rest) {
        return "{\"tool_calls\":[{\"index\":" + index + "," + rest + "}]}";
    }

    static String chunk(String delta, String reason) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake-1\",\"choices\":[{"
                + "\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]}";
    }

    static WireServer.Reply anthropicSays(String text) {
        return anthropic("{\"type\":\"text\",\"text\":" + quoted(text) + "}", "end_turn");
    }

    static WireServer.Reply anthropicCalls(String... namesAndArguments) {
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < namesAndArguments.length; i += 2) {
            calls.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"tool_use\",\"id\":\"tu_")
                    .append(i / 2)
                    .append("\",\"name\":")
                    .append(quoted(namesAndArguments[i]))
                    .append(",\"input\":")
                    .append(namesAndArguments[i + 1])
                    .append("}");
        }
        return anthropic(calls.toString(), "tool_use");
    }

    static WireServer.Reply anthropic(String content, String reason) {
        return WireServer.Reply.json(
                "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"fake-a\",\"content\":["
                        + content + "],\"stop_reason\":\"" + reason
                        + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":100,\"output_tokens\":10}}");
    }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
