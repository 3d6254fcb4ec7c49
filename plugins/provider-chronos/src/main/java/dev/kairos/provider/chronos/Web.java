package dev.kairos.provider.chronos;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One conversation over HTTP: a bound on the whole of each exchange and on what is read of a body, no redirect followed.
 * Its connections and its thread end when it is closed, since nothing of this provider may go on between two triggers.
 * Used by one thread at a time.
 */
final class Web implements AutoCloseable {
    /** The end of an exchange that was given up, before the conversation goes on without it. */
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final Environment environment;
    private final Duration timeout;
    private final HttpClient client;
    private volatile @Nullable Thread selector;
    private volatile @Nullable InputStream reading;

    /** An answer, whatever its status. */
    record Reply(int status, byte[] body) {
        boolean isOk() {
            return status >= 200 && status < 300;
        }
    }

    /** Opens nothing yet. */
    Web(Environment environment, Duration timeout) {
        this.environment = environment;
        this.timeout = timeout;
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The client's thread inherits this, and would keep the plug-in's loader.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            this.client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(timeout)
                    .executor(this::execute)
                    .build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The client hands its steps over from its own thread, which is the only way to learn which one that is. */
    private void execute(Runnable step) {
        Thread caller = Thread.currentThread();
        if (caller.getName().endsWith("-SelectorManager")) {
            selector = caller;
        }
        environment.start("cron-chronos-http", step);
    }

    /**
     * Sends the request and reads the whole answer.
     *
     * @param longest how many bytes its body may have
     * @throws WebTrouble if none came in time, or a longer one
     */
    Reply ask(HttpRequest request, int longest) throws WebTrouble, InterruptedException {
        AtomicReference<@Nullable Reply> reply = new AtomicReference<>();
        AtomicReference<@Nullable WebTrouble> trouble = new AtomicReference<>();
        Task exchange = environment.start("cron-chronos-call", () -> {
            try {
                reply.set(exchange(request, longest));
            } catch (WebTrouble e) {
                trouble.set(e);
            } catch (IOException | RuntimeException e) {
                trouble.set(new WebTrouble(words(e)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        boolean isInTime;
        try {
            isInTime = exchange.join(timeout);
        } catch (InterruptedException e) {
            giveUp(exchange);
            throw e;
        }
        Reply given = reply.get();
        if (given != null) {
            return given;
        }
        if (!isInTime) {
            giveUp(exchange);
            exchange.join(LEAVING);
        }
        WebTrouble known = trouble.get();
        throw known == null || !isInTime
                ? new WebTrouble("did not answer within " + DurationText.format(timeout))
                : known;
    }

    private Reply exchange(HttpRequest request, int longest) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            reading = body;
            byte[] bytes = body.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new WebTrouble("answered more than " + longest + " bytes");
            }
            return new Reply(response.statusCode(), bytes);
        } finally {
            reading = null;
        }
    }

    /** An interrupt ends the wait for an answer; on JDK 17 only its end ends the reading of a body. */
    private void giveUp(Task exchange) {
        exchange.interrupt();
        InputStream body = reading;
        if (body != null) {
            try {
                body.close();
            } catch (IOException e) {
                return; // it is closed, which is all that is asked
            }
        }
    }

    private String words(Exception trouble) {
        for (Throwable at = trouble; at != null; at = at.getCause()) {
            if (at instanceof HttpConnectTimeoutException) {
                return "could not be connected to within " + DurationText.format(timeout);
            }
            if (at instanceof HttpTimeoutException) {
                return "did not answer within " + DurationText.format(timeout);
            }
            if (at instanceof UnresolvedAddressException || at instanceof UnknownHostException) {
                return "is not known to the name service";
            }
            if (at instanceof ConnectException) {
                return "could not be connected to";
            }
            if (at instanceof SSLException) {
                return "has no TLS certificate that this machine trusts, or speaks no TLS";
            }
        }
        return trouble instanceof IOException
                ? "ended the connection, or answered what is no HTTP"
                : "could not be asked";
    }

    /** Ends the client's thread, and its connections with it: it would otherwise live until some garbage collection. */
    @Override
    public void close() {
        Thread own = selector;
        if (own != null) {
            own.interrupt();
        }
    }
}
