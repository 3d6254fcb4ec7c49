package dev.kairos.app.server;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Whether the node is well, for whoever restarts it: 200 or 503 and not a word more. Asked for at most once a second. */
final class HealthEndpoint implements Endpoint {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Environment environment;
    private final BooleanSupplier isWell;
    private @Nullable Duration askedAt;
    private boolean was;

    HealthEndpoint(Environment environment, BooleanSupplier isWell) {
        this.environment = environment;
        this.isWell = isWell;
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD");
    }

    @Override
    public boolean needsToken() {
        return false;
    }

    @Override
    public HttpAnswer answer(HttpCall call) {
        return isWellNow() ? HttpAnswer.of(200, "{\"status\":\"ok\"}") : HttpAnswer.of(503, "{\"status\":\"failing\"}");
    }

    private synchronized boolean isWellNow() {
        Duration now = environment.uptime();
        Duration last = askedAt;
        if (last == null || now.minus(last).compareTo(FRESH) >= 0) {
            was = isWell.getAsBoolean();
            askedAt = now;
        }
        return was;
    }
}
