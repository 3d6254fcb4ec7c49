package dev.kairos.app.server;

import dev.kairos.api.InboundEndpoint;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a free port, with endpoints that only count. */
final class RunningServer implements AutoCloseable {
    static final String TOKEN = "a-token-of-some-length";

    final AtomicInteger mcpCalls = new AtomicInteger();
    volatile boolean isWell = true;
    volatile Optional<InboundEndpoint> inbound = Optional.empty();
    volatile Endpoint mcp = new Echo();
    private final Map<String, Object> settings =
            new HashMap<>(Map.of("server.port", 0, "server.token", TOKEN, "server.max_body", 2048));
    private final SystemEnvironment environment = new SystemEnvironment();
    private HttpServer server;

    RunningServer set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    RunningServer start() throws IOException {
        Configuration configuration = Configuration.of(settings);
        server = new ServerParts(
                        environment,
                        ServerSettings.of(configuration),
                        ServerToken.of(environment, configuration, Path.of("unused")),
                        () -> isWell,
                        () -> HttpAnswer.of(200, "{\"healthy\":true}"),
                        () -> inbound,
                        new Forwarding())
                .start();
        return this;
    }

    String url() {
        return server.url();
    }

    int connections() {
        return server.connections();
    }

    Wire connect() throws IOException {
        return Wire.to(url());
    }

    /** One request on a connection of its own. */
    Wire.Told ask(String requestLine, String... headers) throws IOException {
        try (Wire wire = connect()) {
            return wire.head(lines(requestLine, headers)).answer();
        }
    }

    Wire.Told post(String path, String body, String... headers) throws IOException {
        try (Wire wire = connect()) {
            String length = "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length;
            String[] all = new String[headers.length + 1];
            System.arraycopy(headers, 0, all, 0, headers.length);
            all[headers.length] = length;
            return wire.head(lines("POST " + path, all)).send(body).answer();
        }
    }

    static String[] lines(String requestLine, String... headers) {
        String[] lines = new String[headers.length + 2];
        lines[0] = requestLine + " HTTP/1.1";
        lines[1] = "Host: localhost";
        System.arraycopy(headers, 0, lines, 2, headers.length);
        return lines;
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }

    private final class Forwarding implements Endpoint {
        @Override
        public Set<String> methods() {
            return mcp.methods();
        }

        @Override
        public int largestBody() {
            return mcp.largestBody();
        }

        @Override
        public HttpAnswer answer(HttpCall call) throws InterruptedException {
            mcpCalls.incrementAndGet();
            return mcp.answer(call);
        }
    }

    private static final class Echo implements Endpoint {
        @Override
        public Set<String> methods() {
            return Set.of("POST");
        }

        @Override
        public int largestBody() {
            return 1000;
        }

        @Override
        public HttpAnswer answer(HttpCall call) {
            return HttpAnswer.of(200, "{\"length\":" + call.body().length + "}");
        }
    }
}
