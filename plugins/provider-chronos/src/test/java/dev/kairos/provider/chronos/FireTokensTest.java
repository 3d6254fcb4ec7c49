package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which tokens open the door, with keys inline and keys that the portal publishes. */
final class FireTokensTest {
    /** Within which the portal's keys are read. */
    private static final Duration READING = Duration.ofSeconds(3);

    private static final Tokens RSA = Tokens.rsa("k1");
    private static final Tokens OTHER = Tokens.rsa("k2");
    private static final Tokens P256 = Tokens.ec("e1", Curve.P_256, JWSAlgorithm.ES256);
    private static final Tokens P384 = Tokens.ec("e2", Curve.P_384, JWSAlgorithm.ES384);
    private static final Tokens P521 = Tokens.ec("e3", Curve.P_521, JWSAlgorithm.ES512);

    private final SteppedTime environment = new SteppedTime();
    private final StandInPlatform platform = new StandInPlatform(environment);
    private final FireTokens byJwks = tokens(new VerifySettings(
            Optional.of(Tokens.AUDIENCE),
            Optional.of(URI.create(platform.url() + "/jwks")),
            Optional.empty(),
            Optional.of(Tokens.ISSUER)));

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void theFiveAlgorithmsAreTakenAndNoOther() throws Exception {
        platform.always(Reply.of(200, Tokens.jwks(RSA, P256, P384, P521)));
        assertTaken(byJwks, RSA.token());
        assertTaken(byJwks, RSA.by(JWSAlgorithm.RS384).token());
        assertTaken(byJwks, RSA.by(JWSAlgorithm.RS512).token());
        assertTaken(byJwks, P256.token());
        assertTaken(byJwks, P384.token());
        assertRefused(byJwks, RSA.by(JWSAlgorithm.PS256).token(), "algorithm");
        assertRefused(byJwks, P521.token(), "algorithm");
        assertRefused(byJwks, new PlainJWT(Tokens.claims().build()).serialize(), "no signed JWT");
        assertThat(platform.requests()).hasSize(1);
    }

    @Test
    void anInlineKeyOfEitherKindIsTaken() throws Exception {
        assertTaken(byKey(RSA), RSA.token());
        assertTaken(byKey(P256), P256.token());
        assertRefused(byKey(RSA), OTHER.token(), "signature|fits");
        assertRefused(byKey(RSA), P256.token(), "fits");
        assertRefused(byKey(P256), P384.token(), "fits");
    }

    @Test
    void thePublicKeyIsNoSharedSecret() throws Exception {
        for (byte[] secret : List.of(
                RSA.pem().getBytes(StandardCharsets.UTF_8),
                RSA.key().toRSAKey().toPublicKey().getEncoded(),
                RSA.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
            SignedJWT forged = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                    Tokens.claims().build());
            forged.sign(new MACSigner(secret));
            assertRefused(byKey(RSA), forged.serialize(), "algorithm");
        }
    }

    @Test
    void aTokenThatSaysNoneIsRefusedInWhateverSpelling() throws Exception {
        String right = RSA.token();
        String payload = right.split("\\.")[1];
        for (String word : List.of("none", "None", "NONE", "nOnE", "RS256 ", "")) {
            String header = com.nimbusds.jose.util.Base64URL.encode("{\"alg\":\"" + word + "\",\"kid\":\"k1\"}")
                    .toString();
            for (String signature : List.of("", right.split("\\.")[2])) {
                assertRefused(byKey(RSA), header + "." + payload + "." + signature, "JWT|algorithm");
            }
        }
    }

    @Test
    void aKeyThatTheTokenBringsAlongCountsForNothing() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("k1")
                .jwk(OTHER.key().toPublicJWK())
                .jwkURL(URI.create(platform.url() + "/mine"))
                .build();
        platform.always(Reply.of(200, Tokens.jwks(RSA)));
        assertRefused(byJwks, OTHER.token(header, claims -> claims), "signature");
        assertRefused(byKey(RSA), OTHER.token(header, claims -> claims), "fits|signature");
        assertThat(platform.requests()).allMatch(request -> request.target().equals("/jwks"));
    }

    @Test
    void claimsThatAreNotTheWiresAreRefusedBeforeAnyKeyIsLookedFor() throws Exception {
        Instant now = environment.now();
        platform.always(Reply.of(200, Tokens.jwks(RSA)));
        assertRefused(byJwks, RSA.token(claims -> claims.expirationTime(null)), "never ends");
        assertRefused(byJwks, RSA.token(claims -> claims.expirationTime(Date.from(now.minusSeconds(40)))), "expired");
        assertRefused(
                byJwks, RSA.token(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(60)))), "not valid yet");
        assertRefused(byJwks, RSA.token(claims -> claims.audience("agent:two")), "audience");
        assertRefused(byJwks, RSA.token(claims -> claims.audience(List.of())), "audience");
        assertRefused(byJwks, RSA.token(claims -> claims.audience(Tokens.AUDIENCE + " ")), "audience");
        assertRefused(byJwks, RSA.token(claims -> claims.claim("purpose", null)), "purpose");
        assertRefused(byJwks, RSA.token(claims -> claims.claim("purpose", "cron_fires")), "purpose");
        assertRefused(byJwks, RSA.token(claims -> claims.claim("purpose", List.of("cron_fire"))), "claims");
        assertRefused(byJwks, RSA.token(claims -> claims.issuer("https://other.example")), "issuer");
        assertRefused(byJwks, RSA.token(claims -> claims.issuer(null)), "issuer");
        assertThat(platform.requests()).isEmpty();
        assertTaken(byJwks, RSA.token(claims -> claims.expirationTime(Date.from(now.minusSeconds(20)))));
        assertTaken(byJwks, RSA.token(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(20)))));
    }

    @Test
    void whatIsNoTokenIsRefused() throws Exception {
        String right = RSA.token();
        String[] parts = right.split("\\.");
        for (String text : List.of(
                "",
                "x",
                "a.b.c",
                "..",
                right.substring(0, right.length() - 4),
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + OTHER.token(claims -> claims.subject("x")).split("\\.")[1] + "." + parts[2],
                right + "." + right,
                right + "x".repeat(9_000),
                new JWSObject(
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .type(JOSEObjectType.JWT)
                                                .build(),
                                        new com.nimbusds.jose.Payload("[]"))
                                .getHeader()
                                .toBase64URL()
                        + "." + com.nimbusds.jose.util.Base64URL.encode("[]") + "." + parts[2])) {
            assertThat(byKey(RSA).refusal(Optional.of("Bearer " + text)))
                    .as(text)
                    .isPresent();
        }
        assertThat(byKey(RSA).refusal(Optional.empty())).isPresent();
        assertThat(byKey(RSA).refusal(Optional.of("Basic " + right))).isPresent();
        assertThat(byKey(RSA).refusal(Optional.of(right))).isPresent();
    }

    @Test
    void aTokenThatAsksForWhatIsNotUnderstoodIsRefused() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("k1")
                .criticalParams(Set.of("exp"))
                .build();
        assertRefused(byKey(RSA), RSA.token(header, claims -> claims), "not understood");
    }

    @Test
    void nothingConfiguredToVerifyWithRefusesEveryToken() throws Exception {
        VerifySettings full = new VerifySettings(
                Optional.of(Tokens.AUDIENCE), Optional.empty(), Optional.of(RSA.pem()), Optional.empty());
        assertTaken(tokens(full), RSA.token());
        assertRefused(
                tokens(new VerifySettings(Optional.empty(), Optional.empty(), full.publicKey(), Optional.empty())),
                RSA.token(),
                "expected_audience");
        assertRefused(
                tokens(new VerifySettings(full.audience(), Optional.empty(), Optional.empty(), Optional.empty())),
                RSA.token(),
                "jwks_url");
    }

    @Test
    void aForgedTokenUnderAKnownIdCausesNoLookAtTheKeys() throws Exception {
        platform.always(Reply.of(200, Tokens.jwks(RSA)));
        assertTaken(byJwks, RSA.token());
        environment.pass(Duration.ofMinutes(2));
        Tokens thief = Tokens.rsa("k1");
        for (int i = 0; i < 20; i++) {
            assertRefused(byJwks, thief.token(), "signature");
        }
        assertThat(platform.requests()).hasSize(1);
    }

    @Test
    void aFloodOfUnknownIdsReadsTheKeysOnceAMinuteAndStarvesNobody() throws Exception {
        platform.always(Reply.of(200, Tokens.jwks(RSA)));
        assertTaken(byJwks, RSA.token());
        for (int minute = 0; minute < 3; minute++) {
            environment.pass(Duration.ofSeconds(61));
            for (int i = 0; i < 50; i++) {
                assertRefused(byJwks, Tokens.rsaNamed(OTHER, "x" + minute + i).token(), "fits");
            }
            assertTaken(byJwks, RSA.token());
        }
        assertThat(platform.requests()).hasSize(4);
    }

    @Test
    void aNewKeyIsKnownAMinuteLaterAtTheLatest() throws Exception {
        platform.always(Reply.of(200, Tokens.jwks(RSA)));
        assertTaken(byJwks, RSA.token());
        platform.always(Reply.of(200, Tokens.jwks(OTHER)));
        assertRefused(byJwks, OTHER.token(), "fits");
        environment.pass(Duration.ofSeconds(61));
        assertTaken(byJwks, OTHER.token());
        assertRefused(byJwks, RSA.token(), "fits");
    }

    @Test
    void manyCallersAtTheFirstMomentShareOneReadingAndAreAllTaken() throws Exception {
        platform.always(connection -> {
            environment.newSignal().await(Duration.ofMillis(300));
            Reply.of(200, Tokens.jwks(RSA)).give(connection);
        });
        String right = RSA.token();
        AtomicInteger taken = new AtomicInteger();
        var callers = new ArrayList<dev.kairos.api.env.Task>();
        for (int i = 0; i < 12; i++) {
            callers.add(environment.start("caller", () -> {
                try {
                    if (byJwks.refusal(Optional.of("Bearer " + right)).isEmpty()) {
                        taken.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (var caller : callers) {
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(taken).hasValue(12);
        assertThat(platform.requests()).hasSize(1);
    }

    @Test
    void whileKeysAreReadForAStrangerTheKnownOnesOpenAtOnce() throws Exception {
        platform.then(Reply.of(200, Tokens.jwks(RSA))).always(platform.hang());
        assertTaken(byJwks, RSA.token());
        environment.pass(Duration.ofSeconds(61));
        String strange = OTHER.token();
        List<dev.kairos.api.env.Task> strangers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            strangers.add(environment.start("stranger", () -> {
                try {
                    assertRefused(byJwks, strange, "fits");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        org.awaitility.Awaitility.await()
                .alias(
                        "of those that no known key fits only two wait for the reading, so that they fill no row of calls")
                .until(() -> platform.requests().size() == 2 && done(strangers) == 98);
        Duration begun = environment.uptime();
        assertTaken(byJwks, RSA.token());
        assertThat(environment.uptime().minus(begun)).isLessThan(READING);
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> done(strangers) == 100);
        assertThat(platform.requests()).hasSize(2);
    }

    private static long done(List<dev.kairos.api.env.Task> tasks) {
        return tasks.stream().filter(dev.kairos.api.env.Task::isDone).count();
    }

    @Test
    void keysThatCannotBeReadAreGivenUpInTimeAndKeepThoseThatAreKnown() throws Exception {
        platform.then(Reply.of(200, Tokens.jwks(RSA)));
        assertTaken(byJwks, RSA.token());
        for (Reply bad : List.of(
                Reply.of(500, ""),
                Reply.of(302, "", "Location: " + platform.url() + "/other"),
                Reply.of(200, "<html>"),
                Reply.of(200, "{\"keys\":7}"),
                Reply.of(200, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"k2\"}]}"),
                Reply.huge(200, 100_000_000L),
                Reply.noise(),
                Reply.cut(),
                platform.hang())) {
            platform.always(bad);
            environment.pass(Duration.ofSeconds(61));
            Duration begun = environment.uptime();
            assertRefused(byJwks, OTHER.token(), "fits");
            assertThat(environment.uptime().minus(begun)).isLessThan(READING.multipliedBy(2));
            assertTaken(byJwks, RSA.token());
        }
        environment.pass(Duration.ofHours(25));
        assertRefused(byJwks, RSA.token(), "fits");
    }

    @Test
    void oneOddKeySpoilsNoOther() throws Exception {
        String odd =
                "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AQAB\",\"e\":\"AQAB\"},{\"kty\":\"new\"},7,{\"kty\":\"EC\"},";
        platform.always(Reply.of(200, Tokens.jwks(RSA).replace("{\"keys\":[", "{\"keys\":[" + odd)));
        assertTaken(byJwks, RSA.token());
    }

    private FireTokens byKey(Tokens key) {
        return tokens(new VerifySettings(
                Optional.of(Tokens.AUDIENCE), Optional.empty(), Optional.of(key.pem()), Optional.of(Tokens.ISSUER)));
    }

    private FireTokens tokens(VerifySettings settings) {
        FireKeys keys = settings.publicKey()
                .flatMap(PemKey::read)
                .map(FireKeys.class::cast)
                .orElseGet(() -> new JwksKeys(
                        settings.jwksUrl().orElse(URI.create("https://unset.invalid")), environment, READING));
        return new FireTokens(settings, keys, environment);
    }

    private static void assertTaken(FireTokens tokens, String token) throws InterruptedException {
        assertThat(tokens.refusal(Optional.of("Bearer " + token))).isEmpty();
    }

    private static void assertRefused(FireTokens tokens, String token, String why) throws InterruptedException {
        assertThat(tokens.refusal(Optional.of("Bearer " + token)))
                .hasValueSatisfying(reason -> assertThat(reason).containsPattern(why));
    }
}
