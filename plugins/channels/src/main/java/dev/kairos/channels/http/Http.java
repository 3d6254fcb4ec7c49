package dev.kairos.channels.http;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks over HTTP and TLS: a bound on connecting and on the whole, no more of a body than is needed, no redirect followed.
 * What goes wrong is told without address, header or token, and by whether the request may have been carried out.
 *
 * <p>Thread-safe. Status: experimental since 0.1.
 */
public final class Http {
    /** How much of a body is read. */
    static final int LONGEST_BODY = 64 * 1024;

    private final Environment environment;
    private final Duration connectTimeout;
    private final Duration timeout;
    private final Reach reach;
    private final Names names;
    private final Object lock = new Object();
    private @Nullable HttpClient client;

    /**
     * Opens nothing yet.
     *
     * @param connectTimeout the bound on connecting
     * @param timeout the bound on the whole, connecting included
     * @param reach where requests may go
     */
    public Http(Environment environment, Duration connectTimeout, Duration timeout, Reach reach) {
        this(environment, connectTimeout, timeout, reach, InetAddress::getAllByName);
    }

    /** With a name service of the test's own. */
    Http(Environment environment, Duration connectTimeout, Duration timeout, Reach reach, Names names) {
        this.environment = environment;
        this.connectTimeout = connectTimeout;
        this.timeout = timeout;
        this.reach = reach;
        this.names = names;
    }

    /** A name service. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String name) throws UnknownHostException;
    }

    /**
     * Sends the request and waits for the answer, whatever its status.
     *
     * @throws DeliveryException transient if nothing was sent, of unknown fate if it may have been carried out, terminal if
     *     the address must not be asked
     */
    public Answer exchange(HttpCall call) throws DeliveryException, InterruptedException {
        if (reach == Reach.VENDOR) {
            return throughClient(call);
        }
        if (isBehindProxy(call)) { // which resolves the name itself, and has rules of its own
            addresses(call);
            return throughClient(call);
        }
        return directly(call);
    }

    private Answer throughClient(HttpCall call) throws DeliveryException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri())
                .timeout(timeout)
                .method(call.method(), BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach(request::header);
        CompletableFuture<HttpResponse<String>> answer =
                client().sendAsync(request.build(), response -> new BoundedBody(LONGEST_BODY));
        try {
            HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), name -> response.headers().firstValue(name), response.body());
        } catch (TimeoutException e) {
            throw unknown(call, "did not answer within " + timeout.toSeconds() + "s");
        } catch (ExecutionException e) {
            throw trouble(call, e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** On a thread of its own, which a silent name service or server may hold for a while longer. */
    private Answer directly(HttpCall call) throws DeliveryException, InterruptedException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        DirectExchange exchange =
                new DirectExchange(call, connectTimeout, (SSLSocketFactory) SSLSocketFactory.getDefault());
        try (exchange) {
            environment.start("cron-http", () -> {
                try {
                    answer.complete(exchange.exchange(addresses(call)));
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw exchange.isSent()
                    ? unknown(call, "did not answer within " + timeout.toSeconds() + "s")
                    : transientTrouble(call, "could not be connected to in time");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DeliveryException refused) {
                throw refused;
            }
            throw exchange.isSent() ? cut(call, e.getCause()) : trouble(call, e.getCause());
        } catch (IOException e) { // of closing it
            throw cut(call, e);
        }
    }

    private static boolean isBehindProxy(HttpCall call) {
        ProxySelector proxies = ProxySelector.getDefault();
        return proxies != null
                && proxies.select(call.uri()).stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
    }

    /** The host's addresses. A host of several is refused for the first that is not public, unless that is allowed. */
    private List<InetAddress> addresses(HttpCall call) throws DeliveryException {
        String host = call.host();
        List<InetAddress> addresses;
        try {
            addresses = List.of(names.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        } catch (UnknownHostException e) {
            throw transientTrouble(call, "is not known to the name service");
        }
        if (reach == Reach.PUBLIC && !addresses.stream().allMatch(PublicAddresses::isPublic)) {
            throw new DeliveryException(
                    Kind.TERMINAL,
                    host + " is an address of this machine or of a private network, which a job may not reach;"
                            + " allow_private: true in the channel's settings allows it");
        }
        return addresses;
    }

    private HttpClient client() {
        synchronized (lock) {
            HttpClient made = client;
            if (made == null) {
                made = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(connectTimeout)
                        .executor(body -> environment.start("cron-http", body))
                        .build();
                client = made;
            }
            return made;
        }
    }

    private static DeliveryException trouble(HttpCall call, @Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof HttpConnectTimeoutException) {
                return transientTrouble(call, "could not be connected to in time");
            }
            if (at instanceof UnresolvedAddressException || at instanceof UnknownHostException) {
                return transientTrouble(call, "is not known to the name service");
            }
            if (at instanceof ConnectException) {
                return transientTrouble(call, "could not be connected to");
            }
            if (at instanceof SSLException) {
                return transientTrouble(
                        call, "has no TLS certificate that this machine trusts, or speaks no TLS: mend it there");
            }
        }
        return cut(call, cause);
    }

    private static DeliveryException cut(HttpCall call, @Nullable Throwable cause) {
        boolean isLate = cause instanceof java.net.http.HttpTimeoutException;
        boolean isCut = cause instanceof IOException;
        return unknown(
                call, isLate ? "did not answer in time" : isCut ? "ended the connection" : "answered what is no HTTP");
    }

    private static DeliveryException transientTrouble(HttpCall call, String what) {
        return new DeliveryException(Kind.TRANSIENT, call.host() + " " + what + "; nothing was sent");
    }

    private static DeliveryException unknown(HttpCall call, String what) {
        return new DeliveryException(Kind.UNKNOWN_FATE, call.host() + " " + what + "; it may have taken the message");
    }
}
