package dev.kairos.provider.chronos;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jwt.SignedJWT;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One public key of the portal and what it may verify: an RSA key the RS algorithms, a P-256 key ES256, a P-384 key ES384.
 * So no token chooses a key's use.
 *
 * @param id its {@code kid}
 * @param algorithm the one algorithm it is for, where it says so
 * @param key an RSA or EC key
 */
record FireKey(Optional<String> id, Optional<JWSAlgorithm> algorithm, PublicKey key) {
    private static final int LEAST_BITS = 2_048;
    private static final int MOST_BITS = 8_192;
    private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512);

    FireKey {
        Objects.requireNonNull(id);
        Objects.requireNonNull(algorithm);
        Objects.requireNonNull(key);
    }

    /** Whether the algorithm is one of the five that are taken at all. */
    static boolean isTaken(JWSAlgorithm algorithm) {
        return RSA.contains(algorithm) || algorithm.equals(JWSAlgorithm.ES256) || algorithm.equals(JWSAlgorithm.ES384);
    }

    /** Whether it is a kind of key that any of the five is for. */
    static boolean isUsable(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            return bits >= LEAST_BITS && bits <= MOST_BITS;
        }
        return key instanceof ECPublicKey ec && curveAlgorithm(ec).isPresent();
    }

    /** Whether a token with this header may be signed by it. */
    boolean fits(JWSHeader header) {
        JWSAlgorithm asked = header.getAlgorithm();
        boolean isItsKind = key instanceof ECPublicKey ec
                ? curveAlgorithm(ec).filter(asked::equals).isPresent()
                : key instanceof RSAPublicKey && RSA.contains(asked);
        return isItsKind
                && algorithm.map(asked::equals).orElse(true)
                && (header.getKeyID() == null
                        || id.map(header.getKeyID()::equals).orElse(true));
    }

    /** Whether its owner signed the token. */
    boolean signed(SignedJWT token) {
        try {
            return key instanceof RSAPublicKey rsa
                    ? token.verify(new RSASSAVerifier(rsa))
                    : key instanceof ECPublicKey ec && token.verify(new ECDSAVerifier(ec));
        } catch (JOSEException e) {
            return false;
        }
    }

    private static Optional<JWSAlgorithm> curveAlgorithm(ECPublicKey key) {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        return Curve.P_256.equals(curve)
                ? Optional.of(JWSAlgorithm.ES256)
                : Curve.P_384.equals(curve) ? Optional.of(JWSAlgorithm.ES384) : Optional.empty();
    }
}
