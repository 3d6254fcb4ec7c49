package dev.kairos.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A portal's process and an agent that is there only when it is called. */
final class RoundTripTest {
    @TempDir
    Path folder;

    private final OwnProcesses processes = new OwnProcesses();

    @AfterEach
    void endProcesses() {
        processes.close();
    }

    @Test
    void theProcessIsGoneBetweenFiresAndThePortalsCallBringsItBack() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path said = folder.resolve("portal.log");
        int port = OwnProcesses.freePort();
        List<String> agent = OwnProcesses.java(entry -> true, SleepyAgent.class.getName(), home.toString());
        String portal = processes.portal(
                said, folder.resolve("portal"), "--port", "0", "--start-command", OwnProcesses.line(agent));
        Files.writeString(home.resolve("config.yaml"), config(portal, port));

        Path registering = folder.resolve("register.log");
        agent.add("register");
        Process first = processes.start(registering, agent);
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(armed(portal)).as(Files.readString(registering)).contains("\"job_id\"");

        await().atMost(OwnProcesses.LONG)
                .until(() -> brought(home, first).distinct().count() >= 2);
        String told = Files.readString(said);
        assertThat(brought(home, first))
                .as("each ran in a process that a call of the portal had started")
                .allSatisfy(pid -> assertThat(told).contains("portal.started-agent pid=" + pid + "\n"));
        assertThat(words(home, 1)).as("each occurrence once").doesNotHaveDuplicates();
        assertThat(told).contains("answer=refused", "answer=202");

        Path key = folder.resolve("portal").resolve("signing-key.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(said))
                .doesNotContain(Files.readString(folder.resolve("portal").resolve("agent.token")));
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() throws Exception {
        Path said = folder.resolve("portal.log");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = OwnProcesses.java(
                    entry -> true,
                    ChronosPortal.class.getName(),
                    folder.resolve("portal").toString(),
                    "--port",
                    Integer.toString(taken.getLocalPort()));
            Process portal = processes.start(said, command);
            assertThat(portal.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(portal.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(said))
                    .singleElement()
                    .asString()
                    .contains("port " + taken.getLocalPort() + " is taken", "--port");
        }
    }

    @Test
    void thePortalKeepsTheWire() throws Exception {
        Path said = folder.resolve("portal.log");
        String url = processes.portal(said, folder.resolve("portal"), "--port", "0");

        String first = provision(url, "2099-01-01T00:00:00Z", "a:1");
        assertThat(first).contains("\"schedule_id\"");
        assertThat(provision(url, "2099-01-01T00:00:00Z", "a:1"))
                .as("the same key is a no-op")
                .isEqualTo(first);
        assertThat(provision(url, "2099-02-01T00:00:00+01:00", "a:2")).isNotEqualTo(first);
        assertThat(armed(url)).contains("\"fire_at\":\"2099-01-31T23:00:00Z\"").containsOnlyOnce("job_id");
        assertThat(post(url, "cancel", "{\"job_id\":\"a\"}")).isEqualTo("200 {}");
        assertThat(post(url, "cancel", "{\"job_id\":\"a\"}")).isEqualTo("200 {}");
        assertThat(armed(url)).isEqualTo("200 {\"armed\":[]}");
        assertThat(provision(url, "2099-01-01T00:00:00Z", "a:1"))
                .as("armed again after a cancel")
                .startsWith("200");
        assertThat(provision(url, "soon", "a:3")).startsWith("400");
        assertThat(post(url, "cancel", "{")).startsWith("400");
        assertThat(ask(url, "list", "wrong", BodyPublishers.noBody(), "GET")).startsWith("401");
        assertThat(ask(url.replaceFirst("$", "/.well-known"), "jwks.json", "", BodyPublishers.noBody(), "GET"))
                .contains("\"kty\":\"EC\"")
                .doesNotContain("\"d\":");
    }

    private String provision(String url, String fireAt, String key) throws Exception {
        return post(
                url,
                "provision",
                "{\"job_id\":\"a\",\"fire_at\":\"" + fireAt
                        + "\",\"agent_callback_url\":\"http://127.0.0.1:1\",\"dedup_key\":\"" + key + "\"}");
    }

    private String post(String url, String call, String body) throws Exception {
        return ask(url, call, token(), BodyPublishers.ofString(body), "POST");
    }

    private String armed(String url) throws Exception {
        return ask(url, "list", token(), BodyPublishers.noBody(), "GET");
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("portal").resolve("agent.token"));
    }

    private static String ask(String url, String call, String token, HttpRequest.BodyPublisher body, String method)
            throws Exception {
        String path = url.endsWith("/.well-known") ? "/" : "/api/agent-cron/";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path + call))
                .header("Authorization", "Bearer " + token)
                .method(method, body)
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private String config(String portal, int port) {
        return String.join(
                "\n",
                "cron:",
                "  provider: mounted",
                "  mounted:",
                "    port: " + port,
                "    portal_url: " + portal,
                "    callback_url: http://127.0.0.1:" + port,
                "    token_file: " + folder.resolve("portal").resolve("agent.token"),
                "    expected_audience: agent:agent",
                "    jwks_url: " + portal + "/.well-known/jwks.json",
                "    issuer: " + portal,
                "");
    }

    /** The processes that ran, without the one that registered, which a slow machine can let run. */
    private static Stream<String> brought(Path home, Process first) throws IOException {
        return words(home, 0).filter(pid -> !pid.equals(Long.toString(first.pid())));
    }

    /** One column of the effects: the process at 0, the occurrence at 1. */
    private static Stream<String> words(Path home, int column) throws IOException {
        Path file = home.resolve("effects");
        List<String> effects = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return effects.stream().map(line -> line.split(" ")[column]);
    }
}
