package dev.kairos.provider.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A portal that keeps the wire's promises on this machine, by the clock of the agent; it can be away. */
final class StandInPortal implements AutoCloseable {
    static final String AUDIENCE = "agent:one";

    private static final RSAKey KEY = key();
    private static final String TOKEN = token();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MovedMachine time;
    private final Environment threads;
    private final HttpServer server;
    private final HttpClient http;
    private final Map<String, Shot> armed = new TreeMap<>();
    private boolean isAway;
    private boolean isOpen = true;

    private record Shot(String jobId, Instant fireAt, Instant notBefore, String callback) {}

    StandInPortal(MovedMachine time, Environment threads) {
        this.time = time;
        this.threads = threads;
        this.http = HttpClient.newBuilder()
                .executor(task -> threads.start("portal", task))
                .build();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(task -> threads.start("portal", task));
        server.createContext("/", this::serve);
        server.start();
        threads.start("portal-clock", this::fireAll);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether it answers nothing but 503, and fires nothing. */
    synchronized void isAway(boolean value) {
        isAway = value;
    }

    String publicKey() {
        try {
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(KEY.toPublicKey().getEncoded())
                    + "\n-----END PUBLIC KEY-----\n";
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String answer = answer(path.substring(path.lastIndexOf('/') + 1), JSON.readTree(body));
        byte[] out = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.isEmpty() ? 503 : 200, out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
    }

    private synchronized String answer(String call, JsonNode body) {
        String jobId = body.path("job_id").asText();
        if (isAway) {
            return "";
        }
        switch (call) {
            case "provision" -> {
                Instant at = Instant.parse(body.path("fire_at").asText());
                armed.put(
                        jobId,
                        new Shot(jobId, at, at, body.path("agent_callback_url").asText()));
            }
            case "cancel" -> armed.remove(jobId);
            default -> {}
        }
        return armed.values().stream()
                .map(shot -> "{\"job_id\":\"" + shot.jobId() + "\",\"fire_at\":\"" + shot.fireAt()
                        + "\",\"schedule_id\":\"s\"}")
                .collect(Collectors.joining(",", "{\"schedule_id\":\"s\",\"armed\":[", "]}"));
    }

    private void fireAll() {
        try {
            while (isLooking()) {
                threads.sleep(Duration.ofMillis(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isLooking() {
        for (Shot shot : Map.copyOf(armed).values()) {
            if (!isAway && !shot.notBefore().isAfter(time.now())) {
                armed.remove(shot.jobId());
                threads.start("portal-fire", () -> fire(shot));
            }
        }
        return isOpen;
    }

    /** What is refused is tried again soon, unless another took its place meanwhile. */
    private void fire(Shot shot) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(shot.callback() + "/api/cron/fire"))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(
                        "{\"job_id\":\"" + shot.jobId() + "\",\"fire_at\":\"" + shot.fireAt() + "\"}"))
                .build();
        boolean isTaken = false;
        try {
            isTaken = http.send(request, BodyHandlers.discarding()).statusCode() / 100 == 2;
        } catch (IOException e) {
            isTaken = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isTaken) {
            synchronized (this) {
                Instant again = time.now().plusMillis(300);
                armed.putIfAbsent(shot.jobId(), new Shot(shot.jobId(), shot.fireAt(), again, shot.callback()));
            }
        }
    }

    @Override
    public synchronized void close() {
        isOpen = false;
        server.stop(0);
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token() {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.RS256),
                    new JWTClaimsSet.Builder()
                            .audience(AUDIENCE)
                            .claim("purpose", "cron_fire")
                            .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
                            .build());
            token.sign(new RSASSASigner(KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
