package dev.kairos.examples.portal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The three calls of the wire, and the public key. */
final class PortalApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_BODY = 16 * 1024;
    private static final int LONGEST_ID = 64;

    private final Shots shots;
    private final SigningKey key;
    private final String agent;
    private final String token;

    PortalApi(Shots shots, SigningKey key, String agent, String token) {
        this.shots = shots;
        this.key = key;
        this.agent = agent;
        this.token = token;
    }

    private record Answer(int status, String json) {
        static Answer error(int status, String word) {
            return new Answer(status, "{\"error\":\"" + word + "\"}");
        }
    }

    /** Answers one request. */
    void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (call.equals("GET /.well-known/jwks.json")) {
            return new Answer(200, key.jwks());
        }
        if (!isTheAgent(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return Answer.error(401, "invalid_token");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            return Answer.error(413, "too_large");
        }
        try {
            switch (call) {
                case "GET /api/agent-cron/list":
                    return list();
                case "POST /api/agent-cron/provision":
                    return provision(JSON.readTree(bytes));
                case "POST /api/agent-cron/cancel":
                    shots.cancel(agent, jobId(JSON.readTree(bytes)));
                    return new Answer(200, "{}");
                default:
                    return Answer.error(404, "not_found");
            }
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            return Answer.error(400, "bad_request");
        } catch (SQLException e) {
            System.err.println("portal.store-failed reason=" + e.getMessage());
            return Answer.error(503, "unavailable");
        }
    }

    private Answer list() throws SQLException {
        ArrayNode armed = JSON.createArrayNode();
        for (Shot shot : shots.of(agent)) {
            armed.addObject()
                    .put("job_id", shot.jobId())
                    .put("fire_at", shot.fireAt().toString())
                    .put("schedule_id", shot.scheduleId());
        }
        return new Answer(200, JSON.createObjectNode().set("armed", armed).toString());
    }

    private Answer provision(JsonNode body) throws SQLException {
        Instant fireAt = OffsetDateTime.parse(body.path("fire_at").asText()).toInstant();
        URI callback = URI.create(body.path("agent_callback_url").asText());
        String dedupKey = body.path("dedup_key").asText();
        if (callback.getHost() == null || dedupKey.isEmpty()) {
            throw new IllegalArgumentException("incomplete");
        }
        String schedule = shots.provision(agent, jobId(body), fireAt, callback.toString(), dedupKey);
        return new Answer(200, JSON.valueToTree(Map.of("schedule_id", schedule)).toString());
    }

    private static String jobId(JsonNode body) {
        String id = body.path("job_id").asText();
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("no job_id");
        }
        return id;
    }

    private boolean isTheAgent(@Nullable String authorization) {
        return authorization != null
                && MessageDigest.isEqual(
                        authorization.getBytes(StandardCharsets.UTF_8),
                        ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }
}
