package dev.kairos.provider.chronos;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A portal on this machine: it keeps the wire's promises, remembers each call, and fires at the instants when it is told
 * where to. Some calls can be made to fail.
 */
final class StandInPortal implements AutoCloseable {
    static final String TOKEN = "agent-token-4711";

    private final Environment environment;
    private final HttpServer server;
    private final HttpClient http;
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Armed> armed = new TreeMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, int[]> failures = new HashMap<>();
    private final Map<String, String> failureBodies = new HashMap<>();
    private final Set<String> stalled = ConcurrentHashMap.newKeySet();
    private final List<Integer> answers = new ArrayList<>();
    private Optional<Tokens> signer = Optional.empty();
    private boolean isOpen = true;
    private int schedules;

    /** One request as it came. */
    record Call(String path, String authorization, JsonNode body) {
        String jobId() {
            return body.path("job_id").asText();
        }

        String dedupKey() {
            return body.path("dedup_key").asText();
        }
    }

    /** One one-shot. */
    record Armed(String jobId, Instant fireAt, String callback, String dedupKey, String scheduleId) {}

    StandInPortal(Environment environment) {
        this.environment = environment;
        this.http = HttpClient.newBuilder()
                .executor(task -> environment.start("stand-in-portal", task))
                .build();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(task -> environment.start("stand-in-portal", task));
        server.createContext("/", this::serve);
        server.start();
    }

    /** From now on what is armed is fired, with tokens of the signer; the callback's server must be there. */
    StandInPortal firing(Tokens tokens) {
        signer = Optional.of(tokens);
        Thread loop = new Thread(this::fireAll, "stand-in-portal-clock");
        loop.setDaemon(true);
        loop.start();
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path().endsWith(path)).toList();
    }

    synchronized int callCount() {
        return calls.size();
    }

    synchronized Map<String, Instant> armed() {
        Map<String, Instant> instants = new LinkedHashMap<>();
        armed.forEach((jobId, shot) -> instants.put(jobId, shot.fireAt()));
        return instants;
    }

    /** What the agents answered to fires. */
    synchronized List<Integer> answers() {
        return List.copyOf(answers);
    }

    /** The portal has it, whoever armed it. */
    synchronized void put(String jobId, Instant fireAt) {
        armed.put(jobId, new Armed(jobId, fireAt, "", jobId + ":" + fireAt, "s" + ++schedules));
    }

    /** It fired, and is gone. */
    synchronized void use(String jobId) {
        armed.remove(jobId);
    }

    /** The next calls of a path, or about a job, fail so often. */
    synchronized void fail(String pathOrJob, int times, int status, String body) {
        failures.put(pathOrJob, new int[] {times, status});
        failureBodies.put(pathOrJob, body);
    }

    /** Calls about the job get no answer for ten seconds. */
    synchronized void stall(String jobId) {
        stalled.add(jobId);
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        JsonNode body = Json.read(bytes)
                .orElseGet(
                        () -> Json.read("{}".getBytes(StandardCharsets.UTF_8)).orElseThrow());
        Answer answer = answer(
                new Call(path, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")), body));
        stallIfAsked(body.path("job_id").asText());
        byte[] out = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
    }

    private void stallIfAsked(String jobId) {
        try {
            if (stalled.contains(jobId)) {
                environment.sleep(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String body) {}

    private synchronized Answer answer(Call call) {
        calls.add(call);
        if (stalled.contains(call.jobId())) {
            return new Answer(503, "");
        }
        for (String what : List.of(call.path().substring(call.path().lastIndexOf('/') + 1), call.jobId())) {
            int[] failure = failures.get(what);
            if (failure != null && failure[0]-- > 0) {
                return new Answer(failure[1], failureBodies.get(what));
            }
        }
        if (!call.authorization().equals("Bearer " + TOKEN)) {
            return new Answer(401, "{\"error\":\"invalid_token\"}");
        }
        switch (call.path()) {
            case "/api/agent-cron/provision":
                if (taken.add(call.dedupKey())) {
                    armed.put(
                            call.jobId(),
                            new Armed(
                                    call.jobId(),
                                    Instant.parse(call.body().path("fire_at").asText()),
                                    call.body().path("agent_callback_url").asText(),
                                    call.dedupKey(),
                                    "s" + ++schedules));
                    notifyAll();
                }
                return new Answer(200, "{\"schedule_id\":\"s" + schedules + "\"}");
            case "/api/agent-cron/cancel":
                Armed cancelled = armed.remove(call.jobId());
                if (cancelled != null) {
                    taken.remove(cancelled.dedupKey());
                }
                return new Answer(200, "{}");
            case "/api/agent-cron/list":
                StringBuilder list = new StringBuilder();
                armed.values()
                        .forEach(shot -> list.append(list.length() == 0 ? "" : ",")
                                .append("{\"job_id\":\"" + shot.jobId() + "\",\"fire_at\":\"" + shot.fireAt()
                                        + "\",\"schedule_id\":\"" + shot.scheduleId() + "\"}"));
                return new Answer(200, "{\"armed\":[" + list + "]}");
            default:
                return new Answer(404, "");
        }
    }

    private void fireAll() {
        try {
            while (true) {
                fire(awaitDue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Armed awaitDue() throws InterruptedException {
        while (isOpen) {
            Instant now = environment.now();
            Optional<Armed> next =
                    armed.values().stream().min((a, b) -> a.fireAt().compareTo(b.fireAt()));
            long wait = next.map(shot -> Duration.between(now, shot.fireAt()).toMillis() + 1)
                    .orElse(1_000L);
            if (next.isPresent() && !next.get().fireAt().isAfter(now)) {
                return next.get();
            }
            wait(Math.max(1, Math.min(wait, 1_000)));
        }
        throw new InterruptedException();
    }

    /** A refused one is tried again after a moment, unless another took its place. */
    private void fire(Armed shot) throws InterruptedException {
        int status = post(
                shot.callback(),
                shot.jobId(),
                shot.fireAt(),
                signer.orElseThrow().token());
        synchronized (this) {
            answers.add(status);
            if (armed.get(shot.jobId()) == shot) {
                armed.remove(shot.jobId());
                if (status / 100 == 2) {
                    taken.remove(shot.dedupKey());
                } else {
                    armed.put(
                            shot.jobId(),
                            new Armed(
                                    shot.jobId(),
                                    environment.now().plusMillis(100),
                                    shot.callback(),
                                    shot.dedupKey(),
                                    shot.scheduleId()));
                }
            }
        }
    }

    /** One fire over HTTP. */
    int post(String callback, String jobId, Instant fireAt, String token) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(callback + "/api/cron/fire"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString("{\"job_id\":\"" + jobId + "\",\"fire_at\":\"" + fireAt + "\"}"))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        isOpen = false;
        notifyAll();
        server.stop(0);
    }
}
