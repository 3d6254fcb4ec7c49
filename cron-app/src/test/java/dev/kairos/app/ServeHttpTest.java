package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.app.terminal.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with its HTTP server: when there is one, where it is found, and that firing never depends on it. */
@Timeout(90)
class ServeHttpTest {
    @TempDir
    Path home;

    @TempDir
    Path work;

    private ServeThread daemon;

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    private ServeThread serve(String... configuration) throws IOException {
        Files.writeString(home.resolve("config.yaml"), String.join("\n", configuration) + "\n");
        daemon = ServeThread.on(home, Map.of());
        return daemon;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(daemon.url() + path));
    }

    private HttpRequest.Builder withToken(String path, String token) throws IOException {
        return to(path).header("Authorization", "Bearer " + token);
    }

    private static Map<?, ?> node(Map<String, Object> status) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(status.get("nodes"))).get(0);
    }

    @Test
    void nobodyWhoWantsNoneGetsOne() throws Exception {
        serve("cron:", "  interval: 30s");

        assertThat(daemon.said()).doesNotContain("HTTP");
        assertThat(home.resolve("server.url")).doesNotExist();
        assertThat(home.resolve("server.token")).doesNotExist();
        assertThat(node(Cli.at(home).run("status", "--json").json()).keySet().toString())
                .doesNotContain("http");
    }

    @Test
    void itIsFoundAskedAndGoneAgain() throws Exception {
        Cli.at(home).done("add", "every 1h", "--name", "beat", "--prompt", "x");
        serve("server:", "  port: 0");
        String url = daemon.url();
        String token = daemon.token();

        assertThat(daemon.said()).contains("HTTP: " + url, "server.token").doesNotContain(token);
        assertThat(Files.getPosixFilePermissions(home.resolve("server.token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(token).hasSizeGreaterThanOrEqualTo(43);
        await().untilAsserted(() -> assertThat(send(to("/health")).statusCode()).isEqualTo(200));
        assertThat(send(to("/api/status")).statusCode()).isEqualTo(401);

        Map<String, Object> here = Cli.at(home).done("status", "--json").json();
        Map<String, Object> there =
                Json.object("the answer", send(withToken("/api/status", token)).body());
        assertThat(there.keySet()).isEqualTo(here.keySet());
        assertThat(there.get("jobs")).isEqualTo(here.get("jobs"));
        assertThat(node(there).get("node")).isEqualTo(node(here).get("node"));
        assertThat(node(here).get("http")).isEqualTo(url);
        assertThat(Cli.at(home).done("status").out()).contains("answers HTTP at " + url);

        assertThat(daemon.end()).isZero();
        assertThat(home.resolve("server.url")).doesNotExist();
        URI gone = URI.create(url);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new Socket(InetAddress.getLoopbackAddress(), gone.getPort()).close())
                .isInstanceOf(IOException.class);
        serve("server:", "  port: 0");
        assertThat(daemon.token()).as("the token is kept").isEqualTo(token);
    }

    @Test
    void aTakenPortIsSaidEverywhereAndJobsFireAllTheSame() throws Exception {
        Path script = Files.createDirectories(home.resolve("scripts")).resolve("beat.sh");
        Files.writeString(script, "#!/bin/sh\necho it ran\n");
        script.toFile().setExecutable(true);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            serve("server:", "  port: " + other.getLocalPort());

            assertThat(daemon.noted())
                    .contains("no HTTP: port " + other.getLocalPort() + " of 127.0.0.1 is taken by another program")
                    .contains("server.port");
            assertThat(daemon.said()).doesNotContain("HTTP:");
            Cli cli = Cli.at(home);
            assertThat(node(cli.run("status", "--json").json()).get("http_trouble"))
                    .asString()
                    .contains("is taken");
            assertThat(cli.run("status").out()).contains("does not answer HTTP: port");
            Cli.Result doctor = cli.run("doctor");
            assertThat(doctor.exit()).isEqualTo(1);
            assertThat(doctor.out()).contains("HTTP server", "is taken by another program");
            cli.done("add", "1s", "--name", "beat", "--script", "beat.sh", "--no-agent");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(cli.done("runs", "beat").out()).contains("ok"));
        }
    }

    @Test
    void anAddressThatOthersReachNeedsTheNamesItIsCalledBy() throws Exception {
        serve("server:", "  port: 0", "  address: 0.0.0.0");
        assertThat(daemon.noted()).contains("no HTTP: server.allowed_hosts").contains("other machines reach");
        assertThat(home.resolve("server.url")).doesNotExist();
        daemon.end();

        serve("server:", "  port: 0", "  address: 0.0.0.0", "  allowed_hosts: [kairos.example.org]");
        assertThat(daemon.noted()).contains("without TLS: put a proxy with TLS in front");
        assertThat(send(HttpRequest.newBuilder(URI.create(daemon.url().replace("0.0.0.0", "127.0.0.1") + "/health")))
                        .statusCode())
                .isIn(200, 503);
    }

    @Test
    void aTokenThatProtectsNothingIsRefused() throws Exception {
        serve("server:", "  port: 0", "  token: swordfish");

        assertThat(daemon.noted())
                .contains("no token that can protect anything")
                .doesNotContain("swordfish");
        assertThat(home.resolve("server.url")).doesNotExist();
    }

    @Test
    void aProviderThatTakesCallsIsReachedAndWhatItThrowsIsNot() throws Exception {
        Path source = work.resolve("KnockProvider.java");
        Files.writeString(source, KNOCK);
        PulseJar.drop("knock/KnockProvider", source, home.resolve("plugins").resolve("knock.jar"), work);
        Path script = Files.createDirectories(home.resolve("scripts")).resolve("beat.sh");
        Files.writeString(script, "#!/bin/sh\necho it ran\n");
        script.toFile().setExecutable(true);
        Cli cli = Cli.at(home);
        cli.done("add", "1s", "--name", "beat", "--script", "beat.sh", "--no-agent");
        serve("cron:", "  provider: knock", "server:", "  port: 0");
        HttpRequest.BodyPublisher job = HttpRequest.BodyPublishers.ofString("beat");

        assertThat(send(to("/api/knock").POST(job)).statusCode()).isEqualTo(401);
        HttpResponse<String> thrown =
                send(to("/api/knock").header("Proof", "throw").POST(job));
        assertThat(thrown.statusCode()).isEqualTo(500);
        assertThat(thrown.body()).isEmpty();
        Map<?, ?> shown = (Map<?, ?>)
                Objects.requireNonNull(cli.done("show", "beat", "--json").json().get("job"));
        String id = String.valueOf(shown.get("id"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(send(to("/api/knock")
                                        .header("Proof", "right")
                                        .POST(HttpRequest.BodyPublishers.ofString(id)))
                                .statusCode())
                        .isEqualTo(202));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(cli.done("runs", "beat").out()).contains("ok"));
    }

    private static final String KNOCK = """
            package knock;

            import dev.kairos.api.*;
            import java.nio.charset.StandardCharsets;
            import java.util.Optional;

            public final class KnockProvider extends CronScheduler {
                @Override
                public String name() {
                    return "knock";
                }

                @Override
                public void start(StopSignal stop) {}

                @Override
                public <T> Optional<T> capability(Class<T> type) {
                    InboundEndpoint endpoint = new InboundEndpoint() {
                        @Override
                        public String path() {
                            return "/api/knock";
                        }

                        @Override
                        public Answer answer(Call call) {
                            String proof = call.header("proof").orElse("");
                            if (proof.equals("throw")) {
                                throw new IllegalStateException("the secret is swordfish");
                            }
                            if (!proof.equals("right")
                                    || Thread.currentThread().getContextClassLoader() != KnockProvider.class.getClassLoader()) {
                                return new Answer(401, "");
                            }
                            String job = new String(call.body(), StandardCharsets.UTF_8);
                            FireResult fired = context().fire(FireRequest.of(job));
                            return new Answer(fired instanceof FireResult.Claimed ? 202 : 409, "");
                        }
                    };
                    return type == InboundEndpoint.class ? Optional.of(type.cast(endpoint)) : Optional.empty();
                }
            }
            """;
}
