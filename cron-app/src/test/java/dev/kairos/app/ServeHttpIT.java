package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon that answers HTTP, asked to end while somebody waits for an answer. */
@Timeout(120)
class ServeHttpIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void itsEndAnswersWhoWaitsAndRecordsTheRunAllTheSame() throws Exception {
        try (ServedHome served = new ServedHome(folder)) {
            Path agent = folder.resolve("agent.sh");
            Files.writeString(agent, "#!/bin/sh\ntouch " + folder.resolve("began") + "\nsleep 8\necho \"it ran\"\n");
            agent.toFile().setExecutable(true);
            Files.writeString(
                    served.home().resolve("config.yaml"),
                    "server:\n  port: 0\nagent:\n  models:\n    main:\n      command: [" + agent + "]\n");
            ServeProcess daemon = served.serve();
            await().atMost(LONG).until(daemon::isReady);
            String token =
                    Files.readString(served.home().resolve("server.token")).strip();
            URI mcp = URI.create(
                    Files.readString(served.home().resolve("server.url")).strip() + "/mcp");
            HttpClient client = HttpClient.newHttpClient();
            assertThat(client.send(
                                    call(
                                            mcp,
                                            token,
                                            "\"action\":\"create\",\"name\":\"slow\",\"schedule\":\"every 2h\",\"prompt\":\"Look.\""),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("next");

            CompletableFuture<HttpResponse<String>> waits = client.sendAsync(
                    call(mcp, token, "\"action\":\"run\",\"job\":\"slow\",\"wait\":true"),
                    HttpResponse.BodyHandlers.ofString());
            await().atMost(LONG).until(() -> Files.exists(folder.resolve("began")));
            daemon.askToEnd();

            assertThat(waits.handle((answer, cut) ->
                                    cut != null || !answer.body().contains("it ran"))
                            .get(40, TimeUnit.SECONDS))
                    .as("whoever waits is told or cut off, and not left waiting")
                    .isTrue();
            daemon.awaitCleanEnd();
            assertThat(served.cli().done("runs", "slow").out()).contains("ok");
            assertThat(served.home().resolve("server.url")).doesNotExist();
            assertThat(daemon.said() + served.log()).contains("cron.http url=").doesNotContain(token, "jetty");
        }
    }

    private static HttpRequest call(URI mcp, String token, String arguments) {
        return HttpRequest.newBuilder(mcp)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"cronjob\",\"arguments\":{"
                                + arguments + "}}}"))
                .build();
    }
}
