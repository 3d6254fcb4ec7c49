package dev.kairos.app.agent;

import java.util.ArrayList;
import java.util.List;

/** The events of a stream as Anthropic's documentation has them, written by hand. */
final class Anthropic {
    private Anthropic() {}

    private static String event(String type, String rest) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}";
    }

    private static String start() {
        return event(
                "message_start",
                ",\"message\":{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"fake-a\","
                        + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":100,\"output_tokens\":1}}");
    }

    /** A stream as far as its first words. */
    static List<String> begun() {
        List<String> events = new ArrayList<>(List.of(start(), event("ping", "")));
        events.addAll(text(0, "All ").subList(0, 2));
        return events;
    }

    /** A block of text in parts. */
    static List<String> text(int index, String... parts) {
        List<String> events = new ArrayList<>();
        events.add(event(
                "content_block_start", ",\"index\":" + index + ",\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        for (String part : parts) {
            events.add(event(
                    "content_block_delta",
                    ",\"index\":" + index + ",\"delta\":{\"type\":\"text_delta\",\"text\":" + OpenAi.quoted(part)
                            + "}"));
        }
        events.add(event("content_block_stop", ",\"index\":" + index));
        return events;
    }

    /** A block in which the model thinks, signed. */
    static List<String> thinking(int index, String thought, String signature) {
        return List.of(
                event(
                        "content_block_start",
                        ",\"index\":" + index + ",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}"),
                event(
                        "content_block_delta",
                        ",\"index\":" + index + ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":"
                                + OpenAi.quoted(thought) + "}"),
                event(
                        "content_block_delta",
                        ",\"index\":" + index + ",\"delta\":{\"type\":\"signature_delta\",\"signature\":"
                                + OpenAi.quoted(signature) + "}"),
                event("content_block_stop", ",\"index\":" + index));
    }

    /** A call of a tool, its arguments in parts. */
    static List<String> call(int index, String name, String... argumentParts) {
        List<String> events = new ArrayList<>();
        events.add(event(
                "content_block_start",
                ",\"index\":" + index + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"tu_" + index
                        + "\",\"name\":" + OpenAi.quoted(name) + ",\"input\":{}}"));
        for (String part : argumentParts) {
            events.add(event(
                    "content_block_delta",
                    ",\"index\":" + index + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
                            + OpenAi.quoted(part) + "}"));
        }
        events.add(event("content_block_stop", ",\"index\":" + index));
        return events;
    }

    /** A whole stream of the blocks. */
    static String[] streams(List<String> blocks, String reason) {
        List<String> events = new ArrayList<>();
        events.add(start());
        events.add(event("ping", ""));
        events.addAll(blocks);
        events.add(event(
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"" + reason
                        + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":10}"));
        events.add(event("message_stop", ""));
        return events.toArray(String[]::new);
    }

    /** What a stream says that breaks off for trouble of the endpoint's own. */
    static String overloaded() {
        return event("error", ",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}");
    }
}
