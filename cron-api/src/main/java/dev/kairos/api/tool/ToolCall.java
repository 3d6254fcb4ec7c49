package dev.kairos.api.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One call of a tool. Status: experimental since 0.1.
 *
 * @param arguments the model's; a value may be null
 * @param origin the chat in which the model was asked ({@code platform}, {@code chat}, {@code thread}), as the application
 *     says, never the model
 */
public record ToolCall(Map<String, Object> arguments, Optional<Map<String, Object>> origin) {
    /** Copies the arguments. */
    public ToolCall {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        Objects.requireNonNull(origin, "origin");
    }

    /** A call that comes from no chat. */
    public static ToolCall of(Map<String, Object> arguments) {
        return new ToolCall(arguments, Optional.empty());
    }

    /** The same call from the chat. */
    public ToolCall from(Map<String, Object> chat) {
        return new ToolCall(arguments, Optional.of(Map.copyOf(chat)));
    }
}
