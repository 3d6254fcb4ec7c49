package dev.kairos.app.server;

import static dev.kairos.app.server.RunningServer.TOKEN;
import static dev.kairos.app.server.RunningServer.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one caller may take of the server, over real sockets and by callers who mean no good. */
@Timeout(60)
class BoundsTest {
    private static final String[] POST =
            RunningServer.lines("POST /mcp", bearer(TOKEN), "Content-Type: application/json");

    private final RunningServer server = new RunningServer();
    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
        server.close();
    }

    private Wire connect() throws IOException {
        Wire wire = server.connect();
        wires.add(wire);
        return wire;
    }

    private static String[] post(String... more) {
        List<String> lines = new ArrayList<>(List.of(POST));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    @Test
    void aBodyOverTheBoundIsRefusedHoweverItComes() throws IOException {
        server.start();
        assertThat(server.post("/mcp", "x".repeat(1000), bearer(TOKEN)).body()).isEqualTo("{\"length\":1000}");
        assertThat(server.post("/mcp", "x".repeat(1001), bearer(TOKEN)).status())
                .isEqualTo(413);
        // announced and never sent: refused by the head
        Wire.Told announced =
                connect().head(post("Content-Length: 999999999999")).answer();
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.what()).isEqualTo("the body is too large");
        // in chunks, whose sum nobody announced
        String chunk = "fa\r\n" + "x".repeat(250) + "\r\n";
        Wire chunked = connect().head(post("Transfer-Encoding: chunked")).send(chunk.repeat(4));
        assertThat(chunked.send("0\r\n\r\n").answer().body()).isEqualTo("{\"length\":1000}");
        Wire tooMany = connect().head(post("Transfer-Encoding: chunked")).send(chunk.repeat(4) + "1\r\nx\r\n");
        assertThat(tooMany.answer().status()).isEqualTo(413);
        assertThat(server.mcpCalls).hasValue(2);
        assertThat(server.post("/api/status", "x", bearer(TOKEN)).status()).isEqualTo(405);
    }

    @Test
    void theServersOwnBoundHoldsForEndpointsThatWouldReadMore() throws IOException {
        server.set("server.max_body", 1024);
        server.mcp = new Endpoint() {
            @Override
            public Set<String> methods() {
                return Set.of("POST");
            }

            @Override
            public int largestBody() {
                return 5000;
            }

            @Override
            public HttpAnswer answer(HttpCall call) {
                return HttpAnswer.of(204, "nobody reads this");
            }
        };
        server.start();
        assertThat(server.post("/mcp", "x".repeat(1025), bearer(TOKEN)).status())
                .isEqualTo(413);
        Wire.Told taken = server.post("/mcp", "x".repeat(1024), bearer(TOKEN));
        assertThat(taken.status()).isEqualTo(204);
        assertThat(taken.headers()).doesNotContainKeys("content-length", "content-type");
    }

    @Test
    void aHeadOverTheBoundIsRefused() throws IOException {
        server.set("server.max_headers", 2048).start();
        Wire.Told long1 = server.ask("GET /health", "X-Long: " + "x".repeat(4000));
        assertThat(long1.status()).isEqualTo(431);
        assertThat(long1.what()).isEqualTo("the head is too large");
        String[] many = new String[400];
        java.util.Arrays.setAll(many, i -> "X-" + i + ": 1");
        assertThat(server.ask("GET /health", many).status()).isEqualTo(431);
        assertThat(server.ask("GET /" + "x".repeat(4000)).status()).isIn(414, 431);
        // without an end: it is told as soon as it is too much
        Wire endless = connect().send("GET /health HTTP/1.1\r\nX-Endless: ").send("x".repeat(4000));
        assertThat(endless.answer().status()).isEqualTo(431);
        assertThat(server.ask("GET /health").status()).isEqualTo(200);
    }

    @Test
    void aHeadThatDripsIsCutOffHoweverLivelyItIs() throws IOException {
        server.set("server.idle_timeout", "1s").start();
        Wire slow = connect().send("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> slow.isRefusing("x"));
    }

    @Test
    void aBodyThatDripsIsCutOffAndHoldsNoThreadMeanwhile() throws IOException {
        server.set("server.request_timeout", "1s").start();
        for (int i = 0; i < 60; i++) { // more than there are threads
            connect().head(post("Content-Length: 900")).send("x");
        }
        assertThat(server.ask("GET /health").status()).isEqualTo(200);
        assertThat(server.post("/mcp", "{}", bearer(TOKEN)).status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !wires.stream()
                        .map(wire -> wire.isRefusing("x"))
                        .toList()
                        .contains(false));
        assertThat(server.mcpCalls).hasValue(1);
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        server.set("server.idle_timeout", "1s").start();
        Wire silent = connect();
        Wire keptAlive = connect();
        assertThat(keptAlive.head(RunningServer.lines("GET /health")).answer().status())
                .isEqualTo(200);
        assertThat(silent.isEnded()).isTrue();
        assertThat(keptAlive.isEnded()).isTrue();
    }

    @Test
    void manyIdleConnectionsGiveWayToOneThatAsks() throws IOException {
        server.set("server.max_connections", 20).start();
        for (int i = 0; i < 100; i++) {
            connect();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(server.ask("GET /health").status()).isEqualTo(200);
        }
        assertThat(server.connections()).isLessThanOrEqualTo(20);
        assertThat(wires.get(0).isEnded()).isTrue();
    }

    @Test
    void anEndpointMayTakeLongerThanAConnectionMayBeSilent() throws Exception {
        server.set("server.idle_timeout", "1s").set("server.request_timeout", "1s");
        CountDownLatch never = new CountDownLatch(1);
        server.mcp = answering(() -> never.await(1300, TimeUnit.MILLISECONDS));
        server.start();
        Wire wire = connect();
        for (int i = 0; i < 2; i++) { // the second on a connection that was idle before
            assertThat(wire.head(post("Content-Length: 0")).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void oneEndpointThatHangsLeavesTheOthersAloneAndTellsWhoCannotWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        server.mcp = answering(go::await);
        server.start();
        for (int i = 0; i < 24; i++) { // 8 at once, 16 in the row
            connect().head(post("Content-Length: 0"));
        }
        await().until(() -> server.mcpCalls.get() == 8);
        await().untilAsserted(() -> {
            Wire.Told told = server.ask("POST /mcp", bearer(TOKEN), "Content-Length: 0");
            assertThat(told.status()).isEqualTo(503);
            assertThat(told.headers()).containsEntry("retry-after", "2");
        });
        assertThat(server.ask("GET /health").status()).isEqualTo(200);
        assertThat(server.ask("GET /api/status", bearer(TOKEN)).status()).isEqualTo(200);
        go.countDown();
        for (Wire wire : wires.subList(0, 24)) {
            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }

    private interface Wait {
        void until() throws InterruptedException;
    }

    private static Endpoint answering(Wait wait) {
        return new Endpoint() {
            @Override
            public Set<String> methods() {
                return Set.of("POST");
            }

            @Override
            public HttpAnswer answer(HttpCall call) throws InterruptedException {
                wait.until();
                return HttpAnswer.of(200, "{}");
            }
        };
    }

    @Test
    void aRequestThatTwoProgramsWouldReadDifferentlyIsRefusedAndEndsTheConnection() throws IOException {
        server.start();
        String hidden = "GET /api/status HTTP/1.1\r\nHost: localhost\r\n" + bearer(TOKEN) + "\r\n\r\n";
        for (String[] ambiguous : new String[][] {
            {"Content-Length: 5", "Transfer-Encoding: chunked"},
            {"Transfer-Encoding: chunked", "Content-Length: 5"},
            {"Content-Length: 5", "Content-Length: 6"},
            {"Content-Length: +5"},
            {"Content-Length: 5,5"},
            {"Content-Length: 0x5"},
            {"Content-Length: -1"},
            {"Content-Length : 5"},
            {"Transfer-Encoding: xchunked"},
            {"Transfer-Encoding : chunked"},
            {"Transfer-Encoding: chunked, identity"},
            {"Transfer-Encoding: chunked", "Transfer-Encoding: identity"},
            {"Transfer-Encoding: \u000bchunked"},
            {"X-Folded: a", " Content-Length: 5"},
            {"No-Colon"}
        }) {
            Wire wire = connect().head(post(ambiguous));
            wire.isRefusing("0\r\n\r\n" + hidden);
            Wire.Told told = wire.answer();
            assertThat(told.status()).as(String.join(" | ", ambiguous)).isIn(400, 501);
            assertThat(wire.isEnded()).as(String.join(" | ", ambiguous)).isTrue();
        }
        assertThat(server.mcpCalls).hasValue(0);
    }

    @Test
    void aBrokenChunkEndsTheConnectionAndReachesNobody() throws IOException {
        server.start();
        for (String body : List.of("zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX0\r\n\r\n", "fffffffffffffffff\r\n{}")) {
            Wire wire = connect().head(post("Transfer-Encoding: chunked")).send(body);
            boolean isRefused;
            try {
                isRefused = wire.answer().status() >= 400;
            } catch (IOException cut) {
                isRefused = true;
            }
            assertThat(isRefused).as(body).isTrue();
        }
        Wire halfway = connect().head(post("Content-Length: 900")).send("{");
        halfway.close();
        await().until(() -> server.connections() <= 3);
        assertThat(server.mcpCalls).hasValue(0);
    }

    @Test
    void requestsOneBehindTheOtherAreAnsweredInTheirOrder() throws IOException {
        server.start();
        String one = String.join("\r\n", post("Content-Length: 2")) + "\r\n\r\n{}";
        Wire wire = connect().send(one + one.replace("Length: 2\r\n\r\n{}", "Length: 3\r\n\r\n{ }"));
        assertThat(wire.answer().body()).isEqualTo("{\"length\":2}");
        assertThat(wire.answer().body()).isEqualTo("{\"length\":3}");
    }

    @Test
    void aCallerWhoAsksWhetherToSendIsToldNoBeforeItSends() throws IOException {
        server.start();
        Wire.Told told = connect()
                .head(RunningServer.lines("POST /mcp", "Expect: 100-continue", "Content-Length: 2"))
                .answer();
        assertThat(told.status()).isEqualTo(401);
        Wire.Told may = connect()
                .head(post("Expect: 100-continue", "Content-Length: 2"))
                .answer();
        assertThat(may.status()).isEqualTo(100);
    }

    @Test
    void otherProtocolsAreNotSpoken() throws IOException {
        server.start();
        assertThat(connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").isEndedOrRefused())
                .isTrue();
        Wire.Told upgrade = connect()
                .head(RunningServer.lines(
                        "GET /health",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABk"))
                .answer();
        assertThat(upgrade.status()).isEqualTo(200);
        assertThat(connect().send("GET /health HTTP/0.9\r\n\r\n").isEndedOrRefused())
                .isTrue();
        assertThat(connect().send("\u0016\u0003\u0001\u0002hello\r\n\r\n").isEndedOrRefused())
                .isTrue();
    }
}
