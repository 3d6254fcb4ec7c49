package dev.kairos.app.server;

import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a server is made of.
 *
 * <p>Status: internal.
 *
 * @param isWell whether the node needs nobody; opens no connection
 * @param status what {@code /api/status} answers
 * @param inbound the endpoint of the provider in use, asked at each call
 * @param mcp what answers at {@code /mcp}
 */
public record ServerParts(
        Environment environment,
        ServerSettings settings,
        ServerToken token,
        BooleanSupplier isWell,
        Supplier<HttpAnswer> status,
        Supplier<Optional<InboundEndpoint>> inbound,
        Endpoint mcp) {
    private static final int STATUS_AT_ONCE = 2;
    private static final int MCP_AT_ONCE = 8;
    private static final int INBOUND_AT_ONCE = 8;
    private static final int HEALTH_AT_ONCE = 2;
    private static final int WAITING = 16;
    /** Who needs no token waits in a longer row: forged calls are told off quickly, and a rightful one among them is heard. */
    private static final int OPEN_WAITING = 64;

    public ServerParts {
        Objects.requireNonNull(environment);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(token);
        Objects.requireNonNull(isWell);
        Objects.requireNonNull(status);
        Objects.requireNonNull(inbound);
        Objects.requireNonNull(mcp);
    }

    /**
     * Starts it.
     *
     * @throws IOException if the address or the port cannot be had
     */
    public HttpServer start() throws IOException {
        Routes routes = new Routes(this::ofProvider, new Turnstile(INBOUND_AT_ONCE, OPEN_WAITING))
                .add("/health", new HealthEndpoint(environment, isWell), new Turnstile(HEALTH_AT_ONCE, OPEN_WAITING))
                .add("/api/status", new StatusEndpoint(status), new Turnstile(STATUS_AT_ONCE, WAITING))
                .add("/mcp", mcp, new Turnstile(MCP_AT_ONCE, WAITING));
        Gate gate = new Gate(
                new AllowedHosts(settings.address(), settings.allowedHosts()),
                token,
                settings.bounds().body());
        return HttpServer.start(environment, settings, gate, routes);
    }

    private Optional<Endpoint> ofProvider(String path) {
        return inbound.get().filter(offered -> offered.path().equals(path)).map(ProviderEndpoint::new);
    }
}
