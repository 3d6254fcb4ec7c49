package dev.kairos.provider.chronos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.env.Environment;
import dev.kairos.provider.chronos.PortalException.Kind;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with the portal: arm, cancel, list. Transient failures are tried again with backoff; each of the three
 * calls may be repeated without harm. Opens a connection with the first call only. Used by one thread at a time.
 */
final class Portal implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_LIST = 16 * 1024 * 1024;

    private final ChronosSettings settings;
    private final Environment environment;
    private final Bounds bounds;
    private @Nullable Web web;

    Portal(ChronosSettings settings, Environment environment, Bounds bounds) {
        this.settings = settings;
        this.environment = environment;
        this.bounds = bounds;
    }

    /** Arms the job's one-shot, in place of the one it had. */
    void provision(String jobId, Instant fireAt, String dedupKey) throws PortalException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("job_id", jobId);
        body.put("fire_at", fireAt.toString());
        body.put("agent_callback_url", settings.callback().toString());
        body.put("dedup_key", dedupKey);
        JsonNode answer = Json.read(post("provision", body)).orElseThrow(this::notAPortal);
        JsonNode scheduleId = answer.path("schedule_id");
        if (!(scheduleId.isTextual() || scheduleId.isNumber())
                || scheduleId.asText().isBlank()) {
            throw notAPortal();
        }
    }

    /** Cancels the job's one-shot, if there is one. */
    void cancel(String jobId) throws PortalException, InterruptedException {
        post("cancel", Map.of("job_id", jobId));
    }

    /** What is armed, by job; the instant is empty where it could not be read. */
    Map<String, Optional<Instant>> list() throws PortalException, InterruptedException {
        byte[] body = patiently(request("list").GET().build(), LONGEST_LIST);
        JsonNode armed = Json.read(body).map(answer -> answer.path("armed")).orElseThrow(this::notAPortal);
        if (!armed.isArray()) {
            throw notAPortal();
        }
        Map<String, Optional<Instant>> byJob = new LinkedHashMap<>();
        for (JsonNode entry : armed) {
            String jobId = entry.path("job_id").asText("");
            if (!jobId.isEmpty()) {
                byJob.put(jobId, instant(entry.path("fire_at").asText("")));
            }
        }
        return byJob;
    }

    /** An ISO-8601 instant, with any offset. */
    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private byte[] post(String call, Map<String, Object> body) throws PortalException, InterruptedException {
        HttpRequest request = request(call)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        return patiently(request, LONGEST_ANSWER);
    }

    private HttpRequest.Builder request(String call) {
        return HttpRequest.newBuilder(URI.create(settings.portal() + "/api/agent-cron/" + call))
                .timeout(bounds.call())
                .header("Accept", "application/json")
                .header("Authorization", settings.token().header());
    }

    private byte[] patiently(HttpRequest request, int longest) throws PortalException, InterruptedException {
        Duration wait = bounds.backoff();
        for (int attempt = 1; ; attempt++) {
            PortalException trouble;
            try {
                Web.Reply reply = web().ask(request, longest);
                if (reply.isOk()) {
                    return reply.body();
                }
                trouble = refusal(reply);
            } catch (WebTrouble e) {
                trouble = new PortalException(Kind.UNREACHABLE, name() + " " + e.getMessage());
            }
            if (trouble.kind() != Kind.UNREACHABLE || attempt == ATTEMPTS) {
                throw trouble;
            }
            environment.sleep(wait.plusMillis(environment.random().nextInt(100)));
            wait = wait.multipliedBy(2);
        }
    }

    private PortalException refusal(Web.Reply reply) {
        String error = Json.read(reply.body())
                .map(answer -> answer.path("error").asText(""))
                .filter(word -> word.matches("[A-Za-z0-9_.-]{1,60}"))
                .map(settings.token()::hiddenIn)
                .orElse("");
        if (reply.status() == 403 && error.equals("invalid_client")) {
            return new PortalException(
                    Kind.CLIENT_REFUSED,
                    name() + " refuses this client (403 invalid_client): set another token in cron.chronos, or have the"
                            + " client admitted there");
        }
        boolean isTransient = reply.status() == 408 || reply.status() == 429 || reply.status() >= 500;
        String words = name() + " answered " + reply.status() + (error.isEmpty() ? "" : " " + error);
        return reply.status() == 401
                ? new PortalException(Kind.REJECTED, words + ": check the token in cron.chronos")
                : new PortalException(isTransient ? Kind.UNREACHABLE : Kind.REJECTED, words);
    }

    private PortalException notAPortal() {
        return new PortalException(
                Kind.UNREACHABLE, name() + " answered what no portal answers: check cron.chronos.portal_url");
    }

    private String name() {
        return "the portal " + settings.portal().getHost();
    }

    private Web web() {
        Web open = web;
        if (open == null) {
            open = new Web(environment, bounds.call());
            web = open;
        }
        return open;
    }

    @Override
    public void close() {
        Web open = web;
        if (open != null) {
            open.close();
        }
    }
}
