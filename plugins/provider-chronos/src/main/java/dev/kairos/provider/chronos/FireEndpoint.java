package dev.kairos.provider.chronos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.CronContext;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the portal calls when an instant has come. Thread-safe. */
final class FireEndpoint implements InboundEndpoint {
    /** The path below the callback address. */
    static final String PATH = "/api/cron/fire";

    private static final Logger LOG = LoggerFactory.getLogger("cron.chronos");
    private static final int LONGEST_ID = 64;

    /** Nothing was committed and something may be later, here or elsewhere: the portal keeps its trigger and tries again. */
    private static final Set<Reason> UNCOMMITTED =
            Set.of(Reason.STORE_UNAVAILABLE, Reason.BUSY, Reason.NOT_ABLE, Reason.STOPPING);

    private static final Answer UNAUTHORISED = new Answer(401, "");
    private static final Answer UNAVAILABLE = new Answer(503, "");

    private final CronContext host;
    private final Settings config;
    private final Environment environment;
    private final Bounds bounds;
    private final Triggered triggered;
    private final RefusedCalls refused;
    private final Object lock = new Object();
    private @Nullable FireTokens tokens;

    /** Who must know of fires. */
    interface Triggered {
        /**
         * A trigger came and is used up: the next one is to be armed. Returns when it is, or soon anyway.
         *
         * @param result what it did
         */
        void came(String jobId, Optional<Instant> fireAt, FireResult result) throws InterruptedException;
    }

    FireEndpoint(CronContext host, Bounds bounds, Triggered triggered) {
        this.host = host;
        this.config = host.config();
        this.environment = host.environment();
        this.bounds = bounds;
        this.triggered = triggered;
        this.refused = new RefusedCalls(environment);
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Answer answer(Call call) throws InterruptedException {
        Optional<String> refusal = refusal(call);
        if (refusal.isPresent()) {
            refused.add(refusal.get(), call.from());
            return UNAUTHORISED;
        }
        Optional<JsonNode> body = Json.read(call.body());
        Optional<String> jobId = body.map(fields -> fields.path("job_id"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(id -> !id.isBlank() && id.length() <= LONGEST_ID);
        if (jobId.isEmpty()) {
            return new Answer(400, text(Map.of("error", "job_id is missing")));
        }
        Optional<Instant> fireAt =
                body.flatMap(fields -> Portal.instant(fields.path("fire_at").asText("")));
        return fire(jobId.get(), fireAt);
    }

    private Optional<String> refusal(Call call) throws InterruptedException {
        try {
            return tokens().refusal(call.header("Authorization"));
        } catch (InvalidInputException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Made anew when the settings have changed, keys included. */
    private FireTokens tokens() {
        VerifySettings settings = VerifySettings.of(config);
        synchronized (lock) {
            FireTokens made = tokens;
            if (made == null || !made.settings().equals(settings)) {
                made = new FireTokens(settings, keys(settings), environment);
                tokens = made;
            }
            return made;
        }
    }

    private FireKeys keys(VerifySettings settings) {
        Optional<FireKeys> inline = settings.publicKey().flatMap(PemKey::read).map(FireKeys.class::cast);
        return inline.orElseGet(() -> new JwksKeys(
                settings.jwksUrl().orElse(URI.create("https://unset.invalid")), environment, bounds.keys()));
    }

    private Answer fire(String jobId, Optional<Instant> fireAt) throws InterruptedException {
        FireRequest request = FireRequest.of(jobId);
        FireResult result;
        try {
            result = host.fire(fireAt.map(request::at).orElse(request));
        } catch (RuntimeException e) {
            LOG.warn("cron.chronos fire-failed job={}", jobId, e);
            return UNAVAILABLE;
        }
        if (result instanceof FireResult.NotClaimed none && UNCOMMITTED.contains(none.reason())) {
            return UNAVAILABLE;
        }
        triggered.came(jobId, fireAt, result);
        return new Answer(202, text(Map.of("status", "accepted", "job_id", jobId)));
    }

    private static String text(Map<String, Object> object) {
        return new String(Json.write(object), StandardCharsets.UTF_8);
    }
}
