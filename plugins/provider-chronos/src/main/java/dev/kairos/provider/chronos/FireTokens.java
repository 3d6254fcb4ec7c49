package dev.kairos.provider.chronos;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kairos.api.env.Environment;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells the portal's tokens from all others. What a token says of itself is judged before any key is looked for, so that
 * only a token that could be the portal's costs a look at its keys. Thread-safe.
 */
final class FireTokens {
    static final String PURPOSE = "cron_fire";

    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final int LONGEST = 8 * 1024;
    private static final int MOST_TRIED = 4;
    private static final String SCHEME = "bearer ";

    private final VerifySettings settings;
    private final FireKeys keys;
    private final Environment environment;

    FireTokens(VerifySettings settings, FireKeys keys, Environment environment) {
        this.settings = settings;
        this.keys = keys;
        this.environment = environment;
    }

    /** What it judges by. */
    VerifySettings settings() {
        return settings;
    }

    /**
     * Why the caller is refused, for the log and for nobody else; empty if the portal signed the token for this purpose.
     *
     * @param authorization the header of the call
     */
    Optional<String> refusal(Optional<String> authorization) throws InterruptedException {
        Optional<String> gap = settings.gap();
        if (gap.isPresent()) {
            return gap;
        }
        Optional<String> text = authorization
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(header -> header.substring(SCHEME.length()).strip())
                .filter(token -> token.length() <= LONGEST);
        if (text.isEmpty()) {
            return Optional.of("it carries no bearer token");
        }
        try {
            SignedJWT token = SignedJWT.parse(text.get());
            Optional<String> wrong = wrongHeader(token.getHeader()).or(() -> wrongClaims(token));
            return wrong.isPresent() ? wrong : wrongSignature(token);
        } catch (ParseException | RuntimeException e) {
            return Optional.of("its token is no signed JWT");
        }
    }

    private static Optional<String> wrongHeader(JWSHeader header) {
        if (!FireKey.isTaken(header.getAlgorithm())) {
            return Optional.of("its token is signed by an algorithm that is not taken");
        }
        return header.getCriticalParams() == null
                ? Optional.empty()
                : Optional.of("its token asks for what is not understood");
    }

    private Optional<String> wrongClaims(SignedJWT token) {
        JWTClaimsSet claims;
        String purpose;
        try {
            claims = token.getJWTClaimsSet();
            purpose = claims.getStringClaim("purpose");
        } catch (ParseException e) {
            return Optional.of("its token's claims cannot be read");
        }
        Instant now = environment.now();
        Date end = claims.getExpirationTime();
        Date begin = claims.getNotBeforeTime();
        if (end == null || !end.toInstant().plus(LEEWAY).isAfter(now)) {
            return Optional.of(end == null ? "its token never ends" : "its token is expired");
        }
        if (begin != null && begin.toInstant().minus(LEEWAY).isAfter(now)) {
            return Optional.of("its token is not valid yet");
        }
        if (!claims.getAudience().contains(settings.audience().orElseThrow())) {
            return Optional.of("its token is for another audience");
        }
        if (!PURPOSE.equals(purpose)) {
            return Optional.of("its token is for another purpose");
        }
        return settings.issuer()
                .filter(issuer -> !issuer.equals(claims.getIssuer()))
                .map(issuer -> "its token is of another issuer");
    }

    private Optional<String> wrongSignature(SignedJWT token) throws InterruptedException {
        JWSHeader header = token.getHeader();
        List<FireKey> fitting = fitting(keys.known(), header);
        boolean isKnown = header.getKeyID() != null
                && fitting.stream().anyMatch(key -> key.id().isPresent());
        if (fitting.stream().anyMatch(key -> key.signed(token))) {
            return Optional.empty();
        }
        if (isKnown) { // under this id it is forged, whatever else the portal publishes
            return Optional.of("its token's signature is wrong");
        }
        return fitting(keys.renewed(), header).stream().anyMatch(key -> key.signed(token))
                ? Optional.empty()
                : Optional.of("no key of the portal fits its token");
    }

    private static List<FireKey> fitting(List<FireKey> keys, JWSHeader header) {
        return keys.stream().filter(key -> key.fits(header)).limit(MOST_TRIED).toList();
    }
}
