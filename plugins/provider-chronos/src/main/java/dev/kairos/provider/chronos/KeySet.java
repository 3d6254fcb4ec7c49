package dev.kairos.provider.chronos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JWKS document. What cannot be used in it, a symmetric key for instance, is passed over; it spoils nothing else. */
final class KeySet {
    private static final int MOST_KEYS = 100;

    private KeySet() {}

    /** The usable keys of the document; empty if it is none. */
    static List<FireKey> read(byte[] document) {
        List<FireKey> keys = new ArrayList<>();
        for (JsonNode entry : Json.read(document).map(set -> set.path("keys")).orElseGet(MissingNode::getInstance)) {
            if (keys.size() == MOST_KEYS) {
                break;
            }
            key(entry).ifPresent(keys::add);
        }
        return List.copyOf(keys);
    }

    private static Optional<FireKey> key(JsonNode entry) {
        try {
            JWK jwk = JWK.parse(entry.toString());
            boolean isForSignatures = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
            if (!isForSignatures || !(jwk instanceof AsymmetricJWK asymmetric)) {
                return Optional.empty();
            }
            PublicKey key = asymmetric.toPublicKey();
            Optional<JWSAlgorithm> algorithm = Optional.ofNullable(jwk.getAlgorithm())
                    .map(Algorithm::getName)
                    .map(JWSAlgorithm::parse);
            return FireKey.isUsable(key)
                    ? Optional.of(new FireKey(Optional.ofNullable(jwk.getKeyID()), algorithm, key))
                    : Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
