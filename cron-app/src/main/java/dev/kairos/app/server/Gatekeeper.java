package dev.kairos.app.server;

import dev.kairos.api.env.Environment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every call: refuses it by its head, or reads its body without holding a thread, waits for the endpoint's turn and
 * has it answered.
 */
final class Gatekeeper extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger("cron.http");

    private static final Set<Integer> MAY_HAVE_NO_BODY = Set.of(204, 205, 304);

    private final Environment environment;
    private final Gate gate;
    private final Routes routes;
    private final ConnectionWatch watch;
    private final Duration patience;

    /**
     * One for all calls.
     *
     * @param patience how long a call may wait for its endpoint's turn
     */
    Gatekeeper(Environment environment, Gate gate, Routes routes, ConnectionWatch watch, Duration patience) {
        this.environment = environment;
        this.gate = gate;
        this.routes = routes;
        this.watch = watch;
        this.patience = patience;
    }

    /** A call under way. */
    private record Taken(Request request, Response response, Callback callback) {
        Connection connection() {
            return request.getConnectionMetaData().getConnection();
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(request.getHeaders().get(name));
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Taken taken = new Taken(request, response, callback);
        Connection connection = taken.connection();
        watch.reads(connection, callback);
        Request.addCompletionListener(request, failure -> watch.waits(connection, callback));
        request.addIdleTimeoutListener(timeout -> false); // the watch bounds it, and an endpoint may take its time
        Optional<Routes.Route> route =
                routes.at(String.valueOf(request.getHttpURI().getPath()));
        gate.refusal(head(taken), route.map(Routes.Route::endpoint))
                .ifPresentOrElse(refused -> send(taken, refused), () -> read(taken, route.orElseThrow()));
        return true;
    }

    private static Gate.Head head(Taken taken) {
        HttpFields headers = taken.request().getHeaders();
        return new Gate.Head(
                taken.request().getMethod(),
                taken.header(HttpHeader.HOST.asString()),
                taken.header(HttpHeader.ORIGIN.asString()),
                only(headers, HttpHeader.AUTHORIZATION),
                taken.header(HttpHeader.CONTENT_TYPE.asString()),
                taken.request().getLength());
    }

    /** A header that must not be there twice, lest another program on the way reads the other one. */
    private static Optional<String> only(HttpFields headers, HttpHeader name) {
        return headers.getFields(name).size() == 1
                ? headers.getFields(name).stream().map(HttpField::getValue).findFirst()
                : Optional.empty();
    }

    private void read(Taken taken, Routes.Route route) {
        BodyReader.Ends ends = new BodyReader.Ends(
                body -> queue(taken, route, body),
                () -> send(taken, gate.tooLarge(route.endpoint())),
                failure -> taken.callback().failed(failure));
        new BodyReader(taken.request(), gate.largestBody(route.endpoint()), ends).run();
    }

    private void queue(Taken taken, Routes.Route route, byte[] body) {
        watch.works(taken.connection(), taken.callback());
        Duration came = environment.uptime();
        Executor executor = taken.request().getComponents().getExecutor();
        boolean isLetIn = route.turnstile().enter(executor, () -> {
            boolean isLate = environment.uptime().minus(came).compareTo(patience) > 0;
            send(taken, isLate ? busy() : answer(taken, route.endpoint(), body));
        });
        if (!isLetIn) {
            send(taken, busy());
        }
    }

    private static HttpAnswer busy() {
        return HttpAnswer.error(503, "too many calls at the same time", "try again in a moment")
                .with("Retry-After", "2");
    }

    private static HttpAnswer answer(Taken taken, Endpoint endpoint, byte[] body) {
        try {
            return endpoint.answer(new HttpCall(
                    taken.request().getMethod(), taken::header, body, Request.getRemoteAddr(taken.request())));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return HttpAnswer.error(503, "the server is ending", "try again in a moment");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.error(
                    "cron.http path={} its endpoint failed",
                    taken.request().getHttpURI().getPath(),
                    e);
            return HttpAnswer.error(500, "this should not have happened", "see the server's log");
        }
    }

    private void send(Taken taken, HttpAnswer answer) {
        watch.answers(taken.connection(), taken.callback());
        write(taken.response(), answer, taken.callback());
    }

    /** Writes the answer whole. */
    static void write(Response response, HttpAnswer answer, Callback callback) {
        byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        decorate(headers);
        answer.headers().forEach(headers::put);
        if (MAY_HAVE_NO_BODY.contains(answer.status())) {
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        if (body.length > 0) {
            headers.put(HttpHeader.CONTENT_TYPE, "application/json");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** What every answer has: nobody keeps it, and no browser takes it for a page. */
    static void decorate(HttpFields.Mutable headers) {
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
    }
}
