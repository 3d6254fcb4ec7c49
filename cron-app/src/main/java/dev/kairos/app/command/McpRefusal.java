package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.app.terminal.Json;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a client's message cannot be answered, in words that say how to mend it. Asked before the library is: that ends the
 * whole conversation over some such messages, and answers others with the names of its own insides.
 *
 * @param code JSON-RPC's word for it
 * @param id the message's, where it has one
 * @param what what is wrong, and what to send
 */
record McpRefusal(int code, @Nullable Object id, String what) {
    private static final String CALL =
            "send \"params\": {\"name\": \"" + CronjobTool.NAME + "\", \"arguments\": {\"action\": \"list\"}}";

    /** What is wrong with the message; empty where the library may have it. */
    static Optional<McpRefusal> of(String text) {
        Map<String, Object> message;
        try {
            message = Json.object("the message", text);
        } catch (InvalidInputException noObject) {
            return Optional.of(new McpRefusal(
                    ErrorCodes.PARSE_ERROR,
                    null,
                    "This is no JSON object: send one JSON-RPC message at a time, each as one JSON object."));
        }
        Object id = message.get("id");
        boolean isNamed = id instanceof String || id instanceof Integer || id instanceof Long;
        if (message.containsKey("id") && !isNamed) {
            return invalid(null, "\"id\" must be a text or a whole number");
        }
        if (!"2.0".equals(message.get("jsonrpc"))) {
            return invalid(id, "\"jsonrpc\": \"2.0\" is missing");
        }
        if (message.containsKey("result") || message.containsKey("error")) {
            return isNamed ? unreadable(id, text) : invalid(null, "an answer needs the \"id\" of what it answers");
        }
        if (!(message.get("method") instanceof String method)) {
            return invalid(id, "\"method\" is missing, for example \"tools/call\"");
        }
        Object params = message.get("params");
        if (params != null && !(params instanceof Map)) {
            return isNamed
                    ? wrong(id, "\"params\" must be an object: " + CALL)
                    : invalid(null, "\"params\" must be an object");
        }
        Optional<McpRefusal> refusal = isNamed && method.equals("tools/call")
                ? call(id, params instanceof Map<?, ?> given ? given : Map.of())
                : Optional.empty();
        return refusal.isPresent() ? refusal : unreadable(id, text);
    }

    /** Whatever else the library takes for none, such as an id that is null. */
    private static Optional<McpRefusal> unreadable(@Nullable Object id, String text) {
        try {
            McpSchema.deserializeJsonRpcMessage(McpJsonDefaults.getMapper(), text);
            return Optional.empty();
        } catch (IOException | RuntimeException refused) {
            return invalid(id, "\"id\" must be a text or a whole number, \"method\" a text, \"params\" an object");
        }
    }

    private static Optional<McpRefusal> call(@Nullable Object id, Map<?, ?> params) {
        Object name = params.get("name");
        if (!(name instanceof String)) {
            return wrong(id, "\"name\" of the tool is missing: " + CALL);
        }
        if (!CronjobTool.NAME.equals(name)) {
            return wrong(id, "there is no such tool; the only one is \"" + CronjobTool.NAME + "\": " + CALL);
        }
        for (String part : List.of("arguments", "_meta")) {
            Object given = params.get(part);
            if (given != null && !(given instanceof Map)) {
                return wrong(
                        id,
                        "\"" + part + "\" must be a JSON object, not "
                                + (given instanceof String ? "a text" : "a list or a value") + ": " + CALL);
            }
        }
        return Optional.empty();
    }

    private static Optional<McpRefusal> invalid(@Nullable Object id, String what) {
        return Optional.of(new McpRefusal(
                ErrorCodes.INVALID_REQUEST, id, "This is no JSON-RPC message (" + what + "): send one JSON object."));
    }

    private static Optional<McpRefusal> wrong(@Nullable Object id, String what) {
        return Optional.of(new McpRefusal(ErrorCodes.INVALID_PARAMS, id, what));
    }

    /** Whether the message was one, and asked for something wrong. */
    boolean isOfItsParameters() {
        return code == ErrorCodes.INVALID_PARAMS;
    }

    /** The answer to the client, on one line. */
    String json() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", what);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", id);
        answer.put("error", error);
        return Json.line(answer);
    }
}
