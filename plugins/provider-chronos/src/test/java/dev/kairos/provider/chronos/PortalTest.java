package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.provider.chronos.PortalException.Kind;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outbound half of the wire, over real connections. */
final class PortalTest {
    private static final String SECRET = "s3cret-of-the-agent";
    private static final Instant AT = Instant.parse("2027-01-15T09:00:00Z");

    private final SteppedTime environment = new SteppedTime();
    private final StandInPlatform platform = new StandInPlatform(environment);
    private final Portal portal = new Portal(
            new ChronosSettings(
                    URI.create(platform.url() + "/base"), URI.create("https://agent.example"), BearerToken.of(SECRET)),
            environment,
            new Bounds(Duration.ofMillis(800), Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        portal.close();
        platform.close();
    }

    @Test
    void aProvisionIsAsTheWireSays() throws Exception {
        platform.then(Reply.of(201, "{\"schedule_id\":\"s1\"}"));
        portal.provision("abc", AT, "abc:" + AT);
        StandInPlatform.Request request = platform.request();
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /base/api/agent-cron/provision");
        assertThat(request.headers())
                .containsEntry("authorization", "Bearer " + SECRET)
                .containsEntry("content-type", "application/json");
        assertThat(request.body())
                .isEqualTo(
                        "{\"job_id\":\"abc\",\"fire_at\":\"2027-01-15T09:00:00Z\","
                                + "\"agent_callback_url\":\"https://agent.example\",\"dedup_key\":\"abc:2027-01-15T09:00:00Z\"}");
    }

    @Test
    void aCancelIsAsTheWireSays() throws Exception {
        platform.then(Reply.of(204, ""));
        portal.cancel("abc");
        StandInPlatform.Request request = platform.request();
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /base/api/agent-cron/cancel");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body()).isEqualTo("{\"job_id\":\"abc\"}");
    }

    @Test
    void aListIsReadWhateverItsOffsetsAndOddEntries() throws Exception {
        platform.then(Reply.of(
                200,
                "{\"armed\":[{\"job_id\":\"a\",\"fire_at\":\"2027-01-15T10:00:00+01:00\",\"schedule_id\":\"s1\"},"
                        + "{\"job_id\":\"b\",\"fire_at\":\"soon\"},{\"fire_at\":\"2027-01-15T09:00:00Z\"},7]}"));
        assertThat(portal.list())
                .containsOnlyKeys("a", "b")
                .containsEntry("a", Optional.of(AT))
                .containsEntry("b", Optional.empty());
        assertThat(platform.request().method()).isEqualTo("GET");
        assertThat(platform.request().target()).isEqualTo("/base/api/agent-cron/list");
        assertThat(platform.request().headers()).containsEntry("authorization", "Bearer " + SECRET);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void whatMayPassIsTriedThreeTimes(int status) throws Exception {
        platform.then(Reply.of(status, "")).then(Reply.cut()).then(Reply.of(200, "{\"schedule_id\":\"s1\"}"));
        portal.provision("abc", AT, "abc:" + AT);
        assertThat(platform.requests()).hasSize(3);
    }

    @Test
    void afterThreeAttemptsItIsUnreachable() {
        platform.always(Reply.of(500, "{\"error\":\"database is down for " + SECRET + "\"}"));
        PortalException thrown = thrown();
        assertThat(thrown.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(thrown).hasMessage("the portal 127.0.0.1 answered 500");
        assertThat(platform.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 401, 403, 404, 409, 422})
    void whatWillNotPassIsAskedOnceAndNoRedirectIsFollowed(int status) {
        platform.always(Reply.of(status, "{\"error\":\"bad_fire_at\"}", "Location: " + platform.url() + "/elsewhere"));
        PortalException thrown = thrown();
        assertThat(thrown.kind()).isEqualTo(Kind.REJECTED);
        assertThat(thrown).hasMessageContaining("answered " + status + " bad_fire_at");
        assertThat(platform.requests()).hasSize(1);
    }

    @Test
    void aRefusedClientIsToldFromEverythingElse() {
        platform.always(Reply.of(403, "{\"error\":\"invalid_client\"}"));
        PortalException thrown = thrown();
        assertThat(thrown.kind()).isEqualTo(Kind.CLIENT_REFUSED);
        assertThat(thrown).hasMessageContaining("403 invalid_client").hasMessageContaining("set another token");
        assertThat(platform.requests()).hasSize(1);
    }

    @Test
    void aPortalThatSaysNothingIsGivenUpInTime() {
        platform.always(platform.hang());
        Duration begun = environment.uptime();
        PortalException thrown = thrown();
        assertThat(thrown.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(thrown).hasMessageContaining("did not answer within");
        assertThat(environment.uptime().minus(begun)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aBodyThatDripsForEverIsGivenUpInTime() {
        platform.always(connection -> {
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                connection.getOutputStream().write(' ');
                connection.getOutputStream().flush();
                environment.newSignal().await(Duration.ofMillis(20));
            }
        });
        assertThat(thrown().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void aBodyWithoutEndIsNotRead() {
        platform.always(Reply.huge(200, 1_000_000_000L));
        PortalException thrown = thrown();
        assertThat(thrown.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(thrown).hasMessageContaining("more than 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>sign in</html>",
                "[]",
                "{}",
                "{\"schedule_id\":\"\"}",
                "{\"schedule_id\":null}",
                "{\"schedule_id\":{}}",
                "{\"schedule_id\":\"s1\"} {\"schedule_id\":\"s1\"}"
            })
    void garbageIsNoRegistration(String body) {
        platform.always(Reply.of(200, body));
        assertThat(thrown()).hasMessageContaining("answered what no portal answers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"armed\":{}}", "[]", "{\"armed\":[", "\u0000"})
    void garbageIsNoList(String body) {
        platform.always(Reply.of(200, body));
        PortalException thrown = catchThrowableOfType(PortalException.class, portal::list);
        assertThat(thrown).hasMessageContaining("answered what no portal answers");
    }

    @Test
    void noiseAndAClosedPortAreUnreachable() {
        platform.always(Reply.noise());
        assertThat(thrown()).hasMessageContaining("no HTTP");
        platform.close();
        assertThat(thrown()).hasMessageContaining("could not be connected to");
    }

    @Test
    void theTokenShowsNowhere() throws Exception {
        StringWriter said = new StringWriter();
        try (LogLines log = new LogLines()) {
            for (Reply reply : new Reply[] {
                Reply.of(403, "{\"error\":\"" + SECRET + "\"}"),
                Reply.of(422, "Bearer " + SECRET),
                Reply.of(302, SECRET, "Location: https://" + SECRET + ".example"),
                Reply.noise(),
                Reply.cut()
            }) {
                platform.always(reply);
                thrown().printStackTrace(new PrintWriter(said, true));
            }
            platform.close();
            thrown().printStackTrace(new PrintWriter(said, true));
            said.append(String.valueOf(portal)).append(BearerToken.of(SECRET).toString());
            said.append(new ChronosSettings(URI.create("https://a"), URI.create("https://b"), BearerToken.of(SECRET))
                    .toString());
            log.lines().forEach(said::append);
        }
        assertThat(said.toString()).contains("PortalException").doesNotContain(SECRET);
    }

    private PortalException thrown() {
        return catchThrowableOfType(PortalException.class, () -> portal.provision("abc", AT, "abc:" + AT));
    }
}
