package dev.kairos.examples.portal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Calls agents at their instants, and again with backoff until one answers that it has taken the fire. */
final class Calls implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);
    private static final Duration WHILE_IT_STARTS = Duration.ofMillis(300);
    private static final Duration GIVEN_UP = Duration.ofDays(1);

    private final Shots shots;
    private final SigningKey key;
    private final String issuer;
    private final Optional<AgentStart> start;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Calls(Shots shots, SigningKey key, String issuer, Optional<AgentStart> start) {
        this.shots = shots;
        this.key = key;
        this.issuer = issuer;
        this.start = start;
    }

    /** What the token for an agent says that it is for. */
    static String audience(String agent) {
        return "agent:" + agent;
    }

    /** Calls for as long as its thread is not interrupted. */
    void run() throws SQLException, InterruptedException {
        while (true) {
            Instant now = Instant.now();
            long wait = 1_000;
            for (Shot shot : shots.next(AT_ONCE * 4)) {
                long left = Duration.between(now, shot.nextAttempt()).toMillis() + 1;
                if (left > 1) {
                    wait = Math.min(wait, left);
                } else if (underWay.size() < AT_ONCE && underWay.add(shot.scheduleId())) {
                    callers.execute(() -> call(shot));
                }
            }
            shots.awaitChange(underWay.isEmpty() ? wait : Math.min(wait, 50));
        }
    }

    private void call(Shot shot) {
        try {
            settle(shot, post(shot));
        } catch (SQLException e) {
            System.err.println("portal.store-failed reason=" + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.remove(shot.scheduleId());
        }
    }

    private void settle(Shot shot, String answer) throws SQLException {
        System.out.println("portal.called job=" + shot.jobId() + " fire_at=" + shot.fireAt() + " attempt="
                + (shot.attempts() + 1) + " answer=" + answer);
        Instant now = Instant.now();
        if (answer.startsWith("2")) {
            shots.fired(shot);
        } else if (shot.fireAt().plus(GIVEN_UP).isBefore(now)) {
            System.out.println("portal.given-up job=" + shot.jobId() + " fire_at=" + shot.fireAt());
            shots.fired(shot);
        } else {
            boolean isStarting = answer.equals("refused") && start.isPresent();
            Duration backoff = Duration.ofSeconds(1L << Math.min(shot.attempts(), 6));
            Duration shorter = backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF;
            shots.again(shot, now.plus(isStarting ? WHILE_IT_STARTS : shorter));
        }
    }

    /** The status, or a word for why there is none. */
    private String post(Shot shot) throws InterruptedException {
        try {
            String body = new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "job_id", shot.jobId(), "fire_at", shot.fireAt().toString()));
            HttpRequest request = HttpRequest.newBuilder(URI.create(shot.callback() + "/api/cron/fire"))
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + key.token(issuer, audience(shot.agent()), Instant.now()))
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return String.valueOf(http.send(request, BodyHandlers.discarding()).statusCode());
        } catch (ConnectException e) {
            start.ifPresent(AgentStart::run);
            return "refused";
        } catch (IOException | IllegalArgumentException e) {
            return "unreachable";
        }
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }
}
