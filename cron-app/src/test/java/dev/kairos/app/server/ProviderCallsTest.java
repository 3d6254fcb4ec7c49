package dev.kairos.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.InboundEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The endpoint of a provider, which lets callers in by proofs of its own. */
@Timeout(60)
class ProviderCallsTest {
    private static final String PATH = "/api/cron/fire";

    private final RunningServer server = new RunningServer().set("server.max_body", 1_048_576);
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private interface Answering {
        InboundEndpoint.Answer answer(InboundEndpoint.Call call) throws InterruptedException;
    }

    private static InboundEndpoint at(String path, Answering answering) {
        return new InboundEndpoint() {
            @Override
            public String path() {
                return path;
            }

            @Override
            public Answer answer(Call call) throws InterruptedException {
                return answering.answer(call);
            }
        };
    }

    @Test
    void aCallReachesTheProviderWithoutTheServersToken() throws IOException {
        server.inbound = Optional.of(at(PATH, call -> {
            seen.add(call.header("AUTHORIZATION").orElse("none") + " " + new String(call.body(), StandardCharsets.UTF_8)
                    + " " + call.from());
            return new InboundEndpoint.Answer(202, "{\"status\":\"accepted\"}");
        }));

        Wire.Told told = server.post(PATH, "{\"job_id\":\"a\"}", "Authorization: Bearer of.their.own");

        assertThat(told.status()).isEqualTo(202);
        assertThat(told.body()).isEqualTo("{\"status\":\"accepted\"}");
        assertThat(seen).containsExactly("Bearer of.their.own {\"job_id\":\"a\"} 127.0.0.1");
    }

    @Test
    void aRefusalIsTheProvidersOwnWithoutAWordOfOurs() throws IOException {
        server.inbound = Optional.of(at(PATH, call -> new InboundEndpoint.Answer(401, "")));

        Wire.Told told = server.post(PATH, "{}");

        assertThat(told.status()).isEqualTo(401);
        assertThat(told.body()).isEmpty();
        assertThat(told.headers()).doesNotContainKey("www-authenticate");
    }

    @Test
    void theProvidersBoundHolds() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        server.inbound = Optional.of(at(PATH, call -> {
            calls.incrementAndGet();
            return new InboundEndpoint.Answer(202, "");
        }));

        assertThat(server.post(PATH, "x".repeat(64 * 1024)).status()).isEqualTo(202);
        assertThat(server.post(PATH, "x".repeat(64 * 1024 + 1)).status()).isEqualTo(413);
        assertThat(server.ask("GET " + PATH).status()).isEqualTo(405);
        assertThat(server.ask("POST " + PATH, "Origin: http://evil.example").status())
                .isEqualTo(403);
        assertThat(calls).hasValue(1);
    }

    @Test
    void theProviderInUseIsAskedForAtEachCall() throws IOException {
        assertThat(server.post(PATH, "{}").status()).isEqualTo(401);
        server.inbound = Optional.of(at(PATH, call -> new InboundEndpoint.Answer(200, "{\"by\":\"one\"}")));
        assertThat(server.post(PATH, "{}").body()).contains("one");
        server.inbound = Optional.of(at("/api/other", call -> new InboundEndpoint.Answer(200, "{\"by\":\"two\"}")));
        assertThat(server.post(PATH, "{}").status()).isEqualTo(401);
        assertThat(server.post("/api/other", "{}").body()).contains("two");
        server.inbound = Optional.of(at("/api/status", call -> new InboundEndpoint.Answer(200, "{}")));
        assertThat(server.ask("GET /api/status").status())
                .as("a path of ours is not given away")
                .isEqualTo(401);
    }

    @Test
    void aFloodOfForgedCallsDoesNotKeepARightfulOneOut() throws Exception {
        AtomicInteger forged = new AtomicInteger();
        server.inbound = Optional.of(at(PATH, call -> {
            boolean isRightful =
                    call.header("Authorization").filter("Bearer right"::equals).isPresent();
            forged.addAndGet(isRightful ? 0 : 1);
            return new InboundEndpoint.Answer(isRightful ? 202 : 401, "");
        }));
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> flood = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Thread attacker = new Thread(() -> {
                while (!isOver.get()) {
                    try (Wire wire = server.connect()) {
                        for (int call = 0; call < 50 && !isOver.get(); call++) {
                            wire.head(RunningServer.lines("POST " + PATH, "Content-Length: 2"))
                                    .send("{}")
                                    .answer();
                        }
                    } catch (IOException cut) {
                        continue; // and on with a new connection
                    }
                }
            });
            attacker.start();
            flood.add(attacker);
        }
        try {
            await().until(() -> forged.get() > 200);
            for (int i = 0; i < 20; i++) {
                assertThat(server.post(PATH, "{}", "Authorization: Bearer right")
                                .status())
                        .isEqualTo(202);
            }
            assertThat(server.ask("GET /api/status", RunningServer.bearer(RunningServer.TOKEN))
                            .status())
                    .isEqualTo(200);
        } finally {
            isOver.set(true);
            for (Thread attacker : flood) {
                attacker.join();
            }
        }
    }

    @Test
    void aProviderThatHangsIsAnsweredForAndLeavesTheRestAlone() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        server.inbound = Optional.of(at(PATH, call -> {
            inside.incrementAndGet();
            go.await();
            return new InboundEndpoint.Answer(202, "");
        }));
        List<Wire> wires = new ArrayList<>();
        try {
            for (int i = 0; i < 72; i++) { // 8 at once, 64 in the row
                wires.add(server.connect().head(RunningServer.lines("POST " + PATH, "Content-Length: 0")));
            }
            await().until(() -> inside.get() == 8);
            await().untilAsserted(() -> assertThat(
                            server.ask("POST " + PATH, "Content-Length: 0").status())
                    .isEqualTo(503));
            assertThat(server.ask("GET /health").status()).isEqualTo(200);
        } finally {
            go.countDown();
        }
        for (Wire wire : wires) {
            assertThat(wire.answer().status()).isEqualTo(202);
            wire.close();
        }
    }
}
