package dev.kairos.provider.chronos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** As small a server as can carry an endpoint; the real one belongs to the host. */
final class EndpointServer implements AutoCloseable {
    private final HttpServer server;
    private volatile InboundEndpoint endpoint;

    EndpointServer(Environment environment) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(task -> environment.start("endpoint-server", task));
        server.createContext("/", this::serve);
        server.start();
    }

    void mount(InboundEndpoint mounted) {
        endpoint = mounted;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        InboundEndpoint mounted = endpoint;
        InboundEndpoint.Answer answer;
        try {
            answer = mounted == null || !exchange.getRequestURI().getPath().equals(mounted.path())
                    ? new InboundEndpoint.Answer(404, "")
                    : mounted.answer(new InboundEndpoint.Call() {
                        @Override
                        public Optional<String> header(String name) {
                            return Optional.ofNullable(
                                    exchange.getRequestHeaders().getFirst(name));
                        }

                        @Override
                        public byte[] body() {
                            return body;
                        }

                        @Override
                        public String from() {
                            return exchange.getRemoteAddress().getAddress().getHostAddress();
                        }
                    });
        } catch (InterruptedException | RuntimeException e) {
            answer = new InboundEndpoint.Answer(500, "");
        }
        byte[] out = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
