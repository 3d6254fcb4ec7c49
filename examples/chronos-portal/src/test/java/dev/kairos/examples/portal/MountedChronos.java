package dev.kairos.examples.portal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.provider.chronos.ChronosProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The provider chronos with a small HTTP server of its own, for a host that has none. */
public final class MountedChronos extends CronScheduler {
    /** Open until the first call is answered: a test's process may die then. */
    static final CountDownLatch ANSWERED = new CountDownLatch(1);

    private final ChronosProvider chronos = new ChronosProvider();
    private HttpServer server;

    @Override
    public String name() {
        return "mounted";
    }

    @Override
    public boolean isAvailable() {
        chronos.bind(context());
        return chronos.isAvailable();
    }

    @Override
    public void start(StopSignal stop) throws Exception {
        InboundEndpoint endpoint = chronos.capability(InboundEndpoint.class).orElseThrow();
        int port = context().config().number("port").orElseThrow().intValue();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(body -> context().environment().start("mounted-http", body));
        server.createContext(endpoint.path(), exchange -> serve(endpoint, exchange));
        server.start();
        chronos.start(stop);
    }

    @Override
    public void stop() {
        chronos.stop();
        if (server != null) {
            server.stop(0);
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        chronos.onJobsChanged(changes);
    }

    @Override
    public void reconcile() {
        chronos.reconcile();
    }

    @Override
    public ProviderTraits traits() {
        return chronos.traits();
    }

    private static void serve(InboundEndpoint endpoint, HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(endpoint.largestBody());
        InboundEndpoint.Answer answer;
        try {
            answer = endpoint.answer(new InboundEndpoint.Call() {
                @Override
                public Optional<String> header(String name) {
                    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
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
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        byte[] out = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
        ANSWERED.countDown();
    }
}
