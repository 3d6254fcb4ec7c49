package dev.kairos.app.server;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server: HTTP/1.1 on one address, without TLS. From its start to its stop; used by one thread.
 *
 * <p>Status: internal.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.http");
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Duration FOR_CALLS = Duration.ofSeconds(5);
    /** At the end, a connection without a call in hand is not waited for. */
    private static final Duration FOR_SILENT = Duration.ofMillis(100);

    private static final int THREADS = 40;

    private final Server server;
    private final ServerConnector connector;
    private final ConnectionWatch watch;
    private final Signal end;
    private final Environment environment;
    private final String address;

    private HttpServer(
            Environment environment, Server server, ServerConnector connector, ConnectionWatch watch, String address) {
        this.environment = environment;
        this.server = server;
        this.connector = connector;
        this.watch = watch;
        this.address = address;
        this.end = environment.newSignal();
    }

    /**
     * Starts one.
     *
     * @throws IOException if the address or the port cannot be had
     */
    static HttpServer start(Environment environment, ServerSettings settings, Gate gate, Routes routes)
            throws IOException {
        ServerSettings.Bounds bounds = settings.bounds();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("kairos-http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        Server server = new Server(threads, new ScheduledExecutorScheduler("kairos-http-timer", true), null);
        ConnectionWatch watch = new ConnectionWatch(environment, bounds);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http(bounds)));
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        connector.setIdleTimeout(bounds.silence().toMillis());
        connector.setShutdownIdleTimeout(FOR_SILENT.toMillis());
        connector.addEventListener(watch);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(new Gatekeeper(environment, gate, routes, watch, bounds.request())));
        server.setErrorHandler(new PlainErrors());
        server.setStopTimeout(FOR_CALLS.toMillis());
        HttpServer made = new HttpServer(environment, server, connector, watch, settings.address());
        made.begin();
        return made;
    }

    private static HttpConfiguration http(ServerSettings.Bounds bounds) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(bounds.headers());
        http.setRelativeRedirectAllowed(false);
        return http;
    }

    private void begin() throws IOException {
        try {
            connector.open();
            server.start();
        } catch (Exception e) {
            connector.close();
            stop();
            throw e instanceof IOException known ? known : new IOException("the server does not start", e);
        }
        environment.start("kairos-http-watch", this::sweep);
    }

    private void sweep() {
        try {
            while (!end.await(SWEEP)) {
                watch.sweep();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where it is reached from this machine. */
    public String url() {
        String host = AllowedHosts.LOOPBACK_OF.getOrDefault(address, address);
        boolean isBareIpv6 = host.contains(":") && !host.startsWith("[");
        return "http://" + (isBareIpv6 ? "[" + host + "]" : host) + ":" + connector.getLocalPort();
    }

    /** How many connections are open. */
    int connections() {
        return watch.count();
    }

    /** Whether only programs of this machine reach the address. */
    public static boolean isLoopback(String address) throws UnknownHostException {
        return InetAddress.getByName(address).isLoopbackAddress();
    }

    /** Takes no more calls, lets those in hand end within five seconds, and ends the rest. */
    @Override
    public void close() {
        end.raise();
        stop();
    }

    private void stop() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            server.stop();
        } catch (TimeoutException late) {
            LOG.info("cron.http ended while calls were in hand");
        } catch (Exception e) {
            LOG.warn("cron.http did not stop cleanly", e);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
