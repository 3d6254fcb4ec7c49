package dev.kairos.app.server;

import static dev.kairos.app.server.RunningServer.TOKEN;
import static dev.kairos.app.server.RunningServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in and who is not, over real sockets. */
@Timeout(60)
class WhoIsLetInTest {
    private final RunningServer server = new RunningServer();

    @BeforeEach
    void start() throws IOException {
        server.set("server.allowed_hosts", List.of("Kairos.example.org", "fd00::7"))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theTokenOpensAndNothingElseDoes() throws IOException {
        assertThat(server.ask("GET /api/status", bearer(TOKEN)).body()).isEqualTo("{\"healthy\":true}");
        assertThat(server.ask("GET /api/status", "authorization: bearer " + TOKEN)
                        .status())
                .isEqualTo(200);
        for (String[] wrong : new String[][] {
            {},
            {bearer("")},
            {bearer(TOKEN + "x")},
            {bearer(TOKEN.substring(1))},
            {bearer(TOKEN.toUpperCase(java.util.Locale.ROOT))},
            {bearer("\u00e4")},
            {"Authorization: " + TOKEN},
            {"Authorization: Basic " + TOKEN},
            {bearer("wrong-but-long-enough"), bearer(TOKEN)},
            {bearer(TOKEN), bearer("wrong-but-long-enough")},
            {"Cookie: token=" + TOKEN}
        }) {
            Wire.Told told = server.ask("GET /api/status", wrong);
            assertThat(told.status()).as(String.join(" ", wrong)).isEqualTo(401);
            assertThat(told.what()).isEqualTo("the token is missing or wrong");
            assertThat(told.headers()).containsEntry("www-authenticate", "Bearer");
        }
        assertThat(server.ask("GET /api/status?token=" + TOKEN).status()).isEqualTo(401);
    }

    @Test
    void whoHasNoTokenLearnsNothingOfWhatThereIs() throws IOException {
        Wire.Told there = server.ask("GET /api/status");
        for (String path : List.of("/", "/nothing", "/mcp", "/api/status/", "/api/cron/fire", "/..%2fstatus", "//")) {
            Wire.Told told = server.ask("GET " + path);
            assertThat(told.status()).as(path).isIn(400, 401);
            if (told.status() == 401) {
                assertThat(told.body()).as(path).isEqualTo(there.body());
            }
        }
        assertThat(server.ask("GET /nothing", bearer(TOKEN)).status()).isEqualTo(404);
        assertThat(server.ask("GET /nothing", bearer(TOKEN)).what()).isEqualTo("nothing answers here");
        Wire.Told told = server.ask("DELETE /api/status", bearer(TOKEN));
        assertThat(told.status()).isEqualTo(405);
        assertThat(told.headers()).containsEntry("allow", "GET");
        assertThat(server.ask("TRACE /api/status", bearer(TOKEN)).status()).isEqualTo(405);
    }

    @Test
    void healthNeedsNoTokenAndSaysNothingButWellOrNot() throws Exception {
        Wire.Told well = server.ask("GET /health");
        assertThat(well.status()).isEqualTo(200);
        assertThat(well.body()).isEqualTo("{\"status\":\"ok\"}");
        server.isWell = false;
        org.awaitility.Awaitility.await()
                .untilAsserted(
                        () -> assertThat(server.ask("GET /health").status()).isEqualTo(503));
        assertThat(server.ask("GET /health").body()).isEqualTo("{\"status\":\"failing\"}");
        assertThat(server.ask("POST /health").status()).isEqualTo(405);
    }

    @Test
    void onlyItsOwnNamesAreServed() throws IOException {
        for (String host : List.of(
                "localhost",
                "LOCALHOST:8784",
                "127.0.0.1",
                "127.0.0.1:1",
                "[::1]:99",
                "kairos.example.org",
                "KAIROS.example.org:443",
                "[fd00::7]")) {
            assertThat(withHost("GET /health", "Host: " + host).status())
                    .as(host)
                    .isEqualTo(200);
        }
        for (String host : List.of(
                "evil.example",
                "localhost.evil.example",
                "evil.example:8784",
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "0.0.0.0",
                "2130706433",
                "[::2]",
                "kairos.example.org.")) {
            for (String line : List.of("GET /health", "GET /api/status", "GET /nothing")) {
                Wire.Told told = withHost(line, "Host: " + host, bearer(TOKEN));
                assertThat(told.status()).as(host).isEqualTo(421);
                assertThat(told.what()).isEqualTo("not served under this name");
            }
        }
    }

    @Test
    void aHeadThatIsAmbiguousAboutTheHostIsRefused() throws IOException {
        assertThat(withHost("GET /health").status()).isEqualTo(400);
        assertThat(withHost("GET /health", "Host: localhost", "Host: evil.example")
                        .status())
                .isEqualTo(400);
        assertThat(withHost("GET /health", "Host:").status()).isIn(400, 421);
        assertThat(withHost("GET http://evil.example/health", "Host: localhost").status())
                .isIn(400, 421);
        assertThat(withHost("GET http://localhost/health", "Host: evil.example").status())
                .isIn(400, 421);
        assertThat(withHost("GET /health", "Host: user@localhost").status()).isIn(400, 421);
    }

    private Wire.Told withHost(String requestLine, String... headers) throws IOException {
        String[] lines = new String[headers.length + 1];
        lines[0] = requestLine + " HTTP/1.1";
        System.arraycopy(headers, 0, lines, 1, headers.length);
        try (Wire wire = server.connect()) {
            return wire.head(lines).answer();
        }
    }

    @Test
    void aPageOfAnotherOriginIsRefusedEvenWithTheToken() throws IOException {
        for (String origin : List.of(
                "http://evil.example",
                "null",
                "http://localhost:3000",
                "localhost",
                "",
                "http://localhost.evil.example")) {
            Wire.Told told = server.ask("GET /api/status", "Origin: " + origin, bearer(TOKEN));
            assertThat(told.status()).as(origin).isEqualTo(403);
            assertThat(told.headers()).as(origin).doesNotContainKey("access-control-allow-origin");
        }
        assertThat(server.ask("OPTIONS /mcp", "Origin: http://evil.example", "Access-Control-Request-Method: POST")
                        .status())
                .isEqualTo(403);
        assertThat(server.ask("GET /api/status", "Origin: http://localhost", bearer(TOKEN))
                        .status())
                .isEqualTo(200);
        try (Wire wire = server.connect()) {
            wire.head(
                    "GET /api/status HTTP/1.1",
                    "Host: kairos.example.org",
                    "Origin: https://kairos.example.org",
                    bearer(TOKEN));
            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void onlyJsonIsRead() throws IOException {
        assertThat(server.post("/mcp", "{}", bearer(TOKEN), "Content-Type: text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(server.post("/mcp", "{}", bearer(TOKEN), "Content-Type: application/json-seq")
                        .status())
                .isEqualTo(415);
        assertThat(server.post("/mcp", "{}", bearer(TOKEN), "Content-Type: Application/JSON ; charset=utf-8")
                        .body())
                .isEqualTo("{\"length\":2}");
        assertThat(server.post("/mcp", "{}", bearer(TOKEN)).status()).isEqualTo(200);
    }

    @Test
    void noAnswerSaysWhatServesItOrMayBeKept() throws IOException {
        for (Wire.Told told : List.of(
                server.ask("GET /health"),
                server.ask("GET /api/status"),
                server.ask("GET /api/status", bearer(TOKEN)),
                server.ask("NONSENSE"),
                server.ask("GET /a b"))) {
            assertThat(told.headers()).doesNotContainKeys("server", "x-powered-by", "set-cookie", "location");
            assertThat(told.headers().toString() + told.body()).doesNotContainIgnoringCase("jetty");
            if (told.status() != 400) {
                assertThat(told.headers())
                        .containsEntry("cache-control", "no-store")
                        .containsEntry("x-content-type-options", "nosniff")
                        .containsEntry("content-type", "application/json");
            }
        }
    }

    @Test
    void whatAnEndpointThrowsStaysInTheLog() throws IOException {
        server.mcp = new Endpoint() {
            @Override
            public java.util.Set<String> methods() {
                return java.util.Set.of("POST");
            }

            @Override
            public HttpAnswer answer(HttpCall call) {
                throw new IllegalStateException("the password is swordfish");
            }
        };
        Wire.Told told = server.ask("POST /mcp", bearer(TOKEN), "Content-Length: 0");
        assertThat(told.status()).isEqualTo(500);
        assertThat(told.body()).doesNotContain("swordfish", "IllegalState", "\\tat ");
        assertThat(told.what()).isEqualTo("this should not have happened");
    }
}
