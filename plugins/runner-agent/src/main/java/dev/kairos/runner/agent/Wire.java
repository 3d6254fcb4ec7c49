package dev.kairos.runner.agent;

import dev.kairos.api.env.Environment;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The connection to an endpoint. Everything happens on the caller's thread, streams included, so that an interrupt ends it;
 * a refusal keeps its Retry-After.
 */
final class Wire implements HttpClient {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final int LONGEST_ERROR = 100_000;

    private final java.net.http.HttpClient http;
    private final Duration timeout;
    private final Environment environment;
    private final Runnable progressed;

    /**
     * A connection.
     *
     * @param timeout how long an answer may take to begin, and then each part of it
     * @param progressed told whenever something came
     */
    Wire(Duration timeout, Environment environment, Runnable progressed) {
        this.http = java.net.http.HttpClient.newBuilder()
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
                .build();
        this.timeout = timeout;
        this.environment = environment;
        this.progressed = progressed;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        try (InputStream body = send(request).body()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return SuccessfulHttpResponse.builder().statusCode(200).body(text).build();
        } catch (IOException cut) {
            throw new UncheckedIOException(cut);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            HttpResponse<InputStream> response = send(request);
            listener.onOpen(SuccessfulHttpResponse.builder()
                    .statusCode(response.statusCode())
                    .headers(response.headers().map())
                    .build());
            WholeEvents events = new WholeEvents(listener);
            try (InputStream body = new Heard(response.body(), progressed)) {
                parser.parse(body, events);
            }
            events.trouble().ifPresent(listener::onError);
            listener.onClose();
        } catch (IOException cut) {
            listener.onError(new UncheckedIOException(cut));
        } catch (RuntimeException refused) {
            listener.onError(refused);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) {
        HttpResponse<InputStream> response;
        try {
            response = http.send(
                    toJdk(request),
                    head -> BodySubscribers.mapping(BodySubscribers.ofPublisher(), parts -> {
                        AnswerBody body = new AnswerBody(timeout);
                        parts.subscribe(body);
                        return body;
                    }));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        progressed.run();
        if (response.statusCode() / 100 != 2) {
            throw new WireRefusal(
                    response.statusCode(),
                    body(response),
                    RetryAfter.read(response.headers().firstValue("Retry-After"), environment.now()));
        }
        return response;
    }

    private static String body(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            return new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        } catch (IOException cut) {
            return "";
        }
    }

    private java.net.http.HttpRequest toJdk(HttpRequest request) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .timeout(timeout)
                .version(java.net.http.HttpClient.Version.HTTP_1_1);
        request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.method(
                        request.method().name(),
                        request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()))
                .build();
    }
}
