package dev.kairos.examples.portal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** The portal's key: made at the first start, kept in its folder, the public half published. */
final class SigningKey {
    private static final Duration LIFE = Duration.ofMinutes(2);

    private final ECKey key;

    private SigningKey(ECKey key) {
        this.key = key;
    }

    /** The key of the folder. */
    static SigningKey in(Path folder) throws IOException {
        String json = PrivateFiles.keep(folder.resolve("signing-key.json"), SigningKey::fresh);
        try {
            return new SigningKey(ECKey.parse(json));
        } catch (ParseException e) {
            throw new IOException(folder.resolve("signing-key.json") + " holds no key; delete it for a new one", e);
        }
    }

    private static String fresh() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate()
                    .toJSONString();
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java makes no P-256 keys", e);
        }
    }

    /** The document at the JWKS address. */
    String jwks() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /** A token for one call to one agent. */
    String token(String issuer, String audience, Instant now) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(audience)
                        .claim("purpose", "cron_fire")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFE)))
                        .jwtID(UUID.randomUUID().toString())
                        .build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the portal's key signs nothing", e);
        }
        return token.serialize();
    }
}
