package dev.kairos.provider.matrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.InboundEndpoint.Answer;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Where calls reach a node: as small a server as can carry the endpoint of its provider. */
final class Entrance implements AutoCloseable {
    private final Supplier<Optional<CronRuntime>> node;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "entrance");
        thread.setDaemon(true);
        return thread;
    });

    Entrance(String callback, Supplier<Optional<CronRuntime>> node) throws IOException {
        this.node = node;
        int port = URI.create(callback).getPort();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer = answer(exchange, body);
        byte[] out = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        Optional<InboundEndpoint> endpoint = node.get().flatMap(CronRuntime::inbound);
        try {
            return endpoint.isEmpty()
                    ? new Answer(503, "")
                    : endpoint.get().answer(new InboundEndpoint.Call() {
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
                            return "127.0.0.1";
                        }
                    });
        } catch (InterruptedException | RuntimeException e) {
            return new Answer(503, "");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
