package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.PlainJWT;
import dev.kairos.api.InboundEndpoint.Answer;
import dev.kairos.testkit.RecordingCronContext.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inbound half of the wire. */
final class FireEndpointTest {
    private static final Tokens KEY = Tokens.rsa("k1");
    private static final Tokens THIEF = Tokens.rsa("k1");

    private final SteppedTime environment = new SteppedTime();
    private final StandInPortal portal = new StandInPortal(environment);
    private final Agent agent = new Agent(environment, portal.url(), KEY);
    private final Instant now = environment.now().truncatedTo(ChronoUnit.SECONDS);

    @AfterEach
    void close() {
        portal.close();
    }

    @Test
    void itIsMountedWhereTheWireSays() {
        assertThat(agent.endpoint().path()).isEqualTo("/api/cron/fire");
        assertThat(agent.endpoint().largestBody()).isEqualTo(64 * 1024);
    }

    @Test
    void aRightfulFireIsAcceptedOnceItIsClaimedAndTheNextIsArmedByThen() throws Exception {
        agent.host.arm("abc", now);
        agent.host.arm("later", now.plusSeconds(3_600));
        Answer answer = fire("abc", now);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json()).contains("\"status\":\"accepted\"").contains("\"job_id\":\"abc\"");
        assertThat(fired()).containsExactly("abc");
        assertThat(portal.armed()).isEqualTo(Map.of("later", now.plusSeconds(3_600)));
    }

    @Test
    void tokensThatAreNotThePortalsRunNothingAndLearnNothing() throws Exception {
        agent.host.arm("abc", now);
        List<String> false_ = List.of(
                THIEF.token(),
                KEY.token(claims -> claims.expirationTime(Date.from(now.minusSeconds(3_600)))),
                KEY.token(claims -> claims.audience("agent:two")),
                KEY.token(claims -> claims.claim("purpose", "sign_in")),
                new PlainJWT(Tokens.claims().build()).serialize(),
                Tokens.rsaNamed(THIEF, "unknown").token(),
                "x");
        for (String token : false_) {
            Answer answer = agent.call(token, body("abc", now));
            assertThat(answer).isEqualTo(new Answer(401, ""));
        }
        assertThat(agent.host.calls()).isEmpty();
        assertThat(portal.callCount()).isZero();
    }

    @Test
    void aReplayedTokenRunsNothingTwice() throws Exception {
        agent.host.arm("abc", now);
        String token = KEY.token();
        assertThat(agent.call(token, body("abc", now)).status()).isEqualTo(202);
        assertThat(agent.call(token, body("abc", now)).status()).isEqualTo(202);
        agent.host.arm("abc", now.plusSeconds(2));
        assertThat(agent.call(token, body("abc", now)).status()).isEqualTo(202);
        assertThat(fired()).containsExactly("abc");
        assertThat(portal.armed()).containsEntry("abc", now.plusSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"abc\"",
                "{}",
                "{\"job_id\":\"\"}",
                "{\"job_id\":\" \"}",
                "{\"job_id\":7}",
                "{\"job_id\":null}",
                "{\"job_id\":[\"abc\"]}",
                "{\"fire_at\":\"2027-01-15T09:00:00Z\"}"
            })
    void aBodyWithoutAJobIsABadRequest(String body) throws Exception {
        assertThat(agent.call(KEY.token(), body).status()).isEqualTo(400);
        assertThat(agent.call(THIEF.token(), body)).isEqualTo(new Answer(401, ""));
        assertThat(agent.host.calls()).isEmpty();
    }

    @Test
    void anInstantThatIsMissingOrCannotBeReadFiresWhatIsDue() throws Exception {
        agent.host.arm("abc", now);
        assertThat(agent.call(KEY.token(), "{\"job_id\":\"abc\",\"fire_at\":\"now\"}")
                        .status())
                .isEqualTo(202);
        agent.host.arm("abc", now);
        assertThat(agent.call(KEY.token(), "{\"job_id\":\"abc\"}").status()).isEqualTo(202);
        assertThat(fired()).containsExactly("abc", "abc");
    }

    @Test
    void aClaimThatCannotBeCommittedIsTriedAgainByThePortal() throws Exception {
        agent.host.arm("abc", now);
        agent.host.failNext(() -> new IllegalStateException("the store is away"));
        assertThat(fire("abc", now)).isEqualTo(new Answer(503, ""));
        assertThat(fire("abc", now).status()).isEqualTo(202);
        assertThat(fired()).containsExactly("abc");
    }

    @Test
    void aJobThatNobodyKnowsIsAccepted() throws Exception {
        assertThat(fire("gone", now).status()).isEqualTo(202);
    }

    @Test
    void aWakeUpIsATickAndTheNextOneIsArmed() throws Exception {
        agent.host.arm("abc", now);
        agent.host.arm("_wake", now.plusSeconds(240));
        assertThat(fire("_wake", now).status()).isEqualTo(202);
        assertThat(fired()).containsExactly("abc");
        assertThat(portal.armed()).containsOnlyKeys("_wake");
    }

    @Test
    void anEarlyFireIsHeldAndAnEarlierOneIsArmedAgainAtItsInstant() throws Exception {
        Instant far = now.plusSeconds(90);
        agent.host.arm("far", far);
        agent.provider.reconcile();
        assertThat(fire("far", far).status()).isEqualTo(202);
        assertThat(fired()).isEmpty();
        assertThat(portal.armed()).containsEntry("far", far);
        assertThat(portal.calls("provision").stream().map(StandInPortal.Call::dedupKey))
                .containsExactly("far:" + far, "far:" + far + ":1");
        environment.pass(Duration.ofSeconds(65));
        assertThat(fire("far", far).status()).isEqualTo(202);
        assertThat(fired()).containsExactly("far");
    }

    @Test
    void theAnswerDoesNotWaitForAPortalThatIsAway() throws Exception {
        agent.host.arm("abc", now);
        agent.host.arm("later", now.plusSeconds(3_600));
        portal.fail("provision", 3, 503, "");
        Duration begun = environment.uptime();
        assertThat(fire("abc", now).status()).isEqualTo(202);
        assertThat(environment.uptime().minus(begun)).isLessThan(Duration.ofSeconds(4));
        await("tried again by itself").until(() -> portal.armed().containsKey("later"));
    }

    @Test
    void manyCallsForOneOccurrenceFireItOnceAndAreAllAccepted() throws Exception {
        agent.host.arm("abc", now);
        String token = KEY.token();
        List<Integer> statuses = IntStream.range(0, 12)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return agent.call(token, body("abc", now)).status();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
        assertThat(statuses).containsOnly(202);
        assertThat(fired()).containsExactly("abc");
    }

    @Test
    void refusedCallsAreLoggedOnceAMinute() throws Exception {
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 40; i++) {
                agent.call(THIEF.token(), body("abc", now));
            }
            assertThat(log.warnings()).isEqualTo(1);
            environment.pass(Duration.ofSeconds(61));
            agent.call(THIEF.token(), body("abc", now));
            assertThat(log.lines()).anyMatch(line -> line.contains("refused-calls=40 from=192.0.2.7"));
        }
    }

    private Answer fire(String jobId, Instant at) throws InterruptedException {
        return agent.call(KEY.token(), body(jobId, at));
    }

    private static String body(String jobId, Instant at) {
        return "{\"job_id\":\"" + jobId + "\",\"fire_at\":\"" + at + "\"}";
    }

    private List<String> fired() {
        return agent.host.calls().stream()
                .map(Call::fired)
                .flatMap(List::stream)
                .toList();
    }
}
