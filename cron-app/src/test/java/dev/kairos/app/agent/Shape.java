package dev.kairos.app.agent;

import dev.kairos.app.agent.WireServer.Reply;
import dev.kairos.app.agent.WireServer.Request;
import java.util.ArrayList;
import java.util.List;

/** The ways in which a model's endpoint speaks: whose words, and whole or as a stream. Named like the entry for it. */
enum Shape {
    OPENAI,
    OPENAI_STREAM,
    ANTHROPIC,
    ANTHROPIC_STREAM;

    /** What an endpoint of either maker says when the session of whoever asks has lapsed. */
    static final String LAPSED = "{\"success\":false,\"error\":\"Invalid token\"}";

    boolean isAnthropic() {
        return this == ANTHROPIC || this == ANTHROPIC_STREAM;
    }

    boolean isStream() {
        return this == OPENAI_STREAM || this == ANTHROPIC_STREAM;
    }

    /** The shape in which the request was asked. */
    static Shape of(Request request) {
        boolean isStream = OpenAi.tree(request.body()).path("stream").asBoolean();
        if (request.path().equals("/v1/messages")) {
            return isStream ? ANTHROPIC_STREAM : ANTHROPIC;
        }
        return isStream ? OPENAI_STREAM : OPENAI;
    }

    /** A home with one entry of this shape, which is its standard one. */
    AgentHome in(AgentHome home, WireServer server) {
        return home.openAi(name(), server)
                .set("agent.models." + name() + ".api", isAnthropic() ? "anthropic" : "openai")
                .set("agent.models." + name() + ".stream", String.valueOf(isStream()));
    }

    Reply says(String text) {
        switch (this) {
            case OPENAI:
                return OpenAi.says(text);
            case OPENAI_STREAM:
                return OpenAi.streams(halves(text));
            case ANTHROPIC:
                return OpenAi.anthropicSays(text);
            default:
                return Reply.events(Anthropic.streams(Anthropic.text(0, halves(text)), "end_turn"));
        }
    }

    /** An answer of Anthropic's that ends for the reason. */
    Reply ends(String text, String reason) {
        return isStream()
                ? Reply.events(Anthropic.streams(Anthropic.text(0, text), reason))
                : OpenAi.anthropic("{\"type\":\"text\",\"text\":" + OpenAi.quoted(text) + "}", reason);
    }

    /** Calls given as pairs of a tool's name and its arguments, asked for in one turn. */
    Reply calls(String... namesAndArguments) {
        switch (this) {
            case OPENAI:
                return OpenAi.calls(namesAndArguments);
            case OPENAI_STREAM:
                return OpenAi.streamsCalls(namesAndArguments);
            case ANTHROPIC:
                return OpenAi.anthropicCalls(namesAndArguments);
            default:
                List<String> blocks = new ArrayList<>();
                for (int i = 0; i < namesAndArguments.length; i += 2) {
                    blocks.addAll(Anthropic.call(i / 2, namesAndArguments[i], halves(namesAndArguments[i + 1])));
                }
                return Reply.events(Anthropic.streams(blocks, "tool_use"));
        }
    }

    /** An answer whose JSON is broken; in a stream, that of an event in the middle. */
    Reply malformed() {
        switch (this) {
            case OPENAI:
                return Reply.json("{\"id\": \"c1\", \"choices\": [{");
            case ANTHROPIC:
                return Reply.json("{\"id\": \"m1\", \"content\": [{");
            case OPENAI_STREAM:
                return Reply.events(OpenAi.chunk("{\"content\":\"All \"}", "null"), "data: {\"id\": \"c1\", [");
            default:
                List<String> begun = Anthropic.begun();
                begun.add("event: content_block_delta\ndata: {\"type\": \"content_block_delta\", [");
                return Reply.events(begun.toArray(String[]::new));
        }
    }

    /** Half an answer, then the end of the connection; in a stream, between two whole events. */
    Reply cut() {
        switch (this) {
            case OPENAI_STREAM:
                return Reply.events(OpenAi.chunk("{\"content\":\"All \"}", "null"));
            case ANTHROPIC_STREAM:
                return Reply.events(Anthropic.begun().toArray(String[]::new));
            default:
                return Reply.cut();
        }
    }

    /** The beginning of a stream, and then that the endpoint has trouble of its own. */
    Reply refusesInItsStream() {
        if (this == OPENAI_STREAM) {
            return Reply.events(
                    OpenAi.chunk("{\"content\":\"All \"}", "null"),
                    "data: {\"error\":{\"code\":502,\"message\":\"upstream is gone\"}}");
        }
        List<String> events = Anthropic.begun();
        events.add(Anthropic.overloaded());
        return Reply.events(events.toArray(String[]::new));
    }

    /** The beginning of an answer, and nothing more until the test ends. */
    Reply stalls() {
        return (to, closed) -> {
            cut().send(to, closed);
            to.flush();
            closed.await();
        };
    }

    private static String[] halves(String text) {
        int middle = text.length() / 2;
        return new String[] {text.substring(0, middle), text.substring(middle)};
    }
}
