package dev.kairos.app.server;

import dev.kairos.app.terminal.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller is told: a status, JSON, and headers beside those that every answer has.
 *
 * <p>Status: internal.
 *
 * @param json empty for no body
 */
public record HttpAnswer(int status, String json, Map<String, String> headers) {
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** An answer without further headers. */
    public static HttpAnswer of(int status, String json) {
        return new HttpAnswer(status, json, Map.of());
    }

    /** A refusal, in the one shape that all have. */
    public static HttpAnswer error(int status, String what, String advice) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", status);
        error.put("what", what);
        error.put("do", advice);
        return of(status, Json.line(Map.of("error", error)));
    }

    /** The same answer with one header more. */
    HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, json, more);
    }
}
