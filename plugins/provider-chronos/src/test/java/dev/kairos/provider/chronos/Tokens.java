package dev.kairos.provider.chronos;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;

/** One key pair of a portal and the tokens it signs. */
record Tokens(JWK key, JWSAlgorithm algorithm) {
    static final String AUDIENCE = "agent:one";
    static final String ISSUER = "https://portal.example";

    static Tokens rsa(String kid) {
        try {
            return new Tokens(new RSAKeyGenerator(2048).keyID(kid).generate(), JWSAlgorithm.RS256);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** The same RSA key under another name: making keys is slow. */
    static Tokens rsaNamed(Tokens other, String kid) {
        return new Tokens(new RSAKey.Builder(other.key().toRSAKey()).keyID(kid).build(), other.algorithm());
    }

    static Tokens ec(String kid, Curve curve, JWSAlgorithm algorithm) {
        try {
            return new Tokens(new ECKeyGenerator(curve).keyID(kid).generate(), algorithm);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** The same key signing by another algorithm. */
    Tokens by(JWSAlgorithm other) {
        return new Tokens(key, other);
    }

    static String jwks(Tokens... all) {
        return new JWKSet(List.of(all).stream().map(Tokens::key).toList()).toString();
    }

    String pem() {
        try {
            byte[] bytes = key instanceof RSAKey rsa
                    ? rsa.toPublicKey().getEncoded()
                    : ((ECKey) key).toPublicKey().getEncoded();
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(bytes)
                    + "\n-----END PUBLIC KEY-----\n";
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A right one, of this moment. */
    String token() {
        return token(claims -> claims);
    }

    /** A right one but for what is changed. */
    String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return token(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), change);
    }

    String token(JWSHeader header, UnaryOperator<JWTClaimsSet.Builder> change) {
        try {
            SignedJWT jwt = new SignedJWT(header, change.apply(claims()).build());
            jwt.sign(signer());
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .claim("purpose", "cron_fire")
                .expirationTime(Date.from(Instant.now().plusSeconds(172_800)));
    }

    private JWSSigner signer() throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
    }
}
