package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the refusal in an event of a stream that began well: endpoints send one where a status can be sent no more. */
final class StreamedRefusal {
    /** Anthropic's words for what are statuses otherwise. */
    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("authentication_error", 401),
            Map.entry("billing_error", 402),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("request_too_large", 413),
            Map.entry("rate_limit_error", 429),
            Map.entry("api_error", 500),
            Map.entry("timeout_error", 504),
            Map.entry("overloaded_error", 529));

    private StreamedRefusal() {}

    /** The refusal, as if it had come with its status. */
    static Optional<WireRefusal> of(@Nullable String data) {
        if (data == null || !data.contains("\"error\"")) {
            return Optional.empty();
        }
        try {
            JsonNode error = Json.MAPPER.readTree(data).path("error");
            return error.isObject()
                    ? Optional.of(new WireRefusal(status(error), data, Optional.empty()))
                    : Optional.empty();
        } catch (JsonProcessingException unreadable) {
            return Optional.empty(); // whoever reads the event says so
        }
    }

    private static int status(JsonNode error) {
        int code = error.path("code").asInt();
        return code >= 400 && code <= 599
                ? code
                : STATUSES.getOrDefault(error.path("type").asText(), 500);
    }
}
