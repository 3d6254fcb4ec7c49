package dev.kairos.app.server;

import java.util.Set;
import java.util.function.Supplier;

/** What {@code kairos status --json} prints. */
final class StatusEndpoint implements Endpoint {
    private final Supplier<HttpAnswer> status;

    StatusEndpoint(Supplier<HttpAnswer> status) {
        this.status = status;
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET");
    }

    @Override
    public HttpAnswer answer(HttpCall call) {
        return status.get();
    }
}
