package dev.kairos.provider.chronos;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What inbound tokens are judged by. Without an audience, or without both a key and a place to read keys from, there is
 * nothing to verify with and every token is refused.
 *
 * @param audience what {@code aud} must be
 * @param jwksUrl where the portal's keys are read
 * @param publicKey the portal's key itself, in PEM
 * @param issuer what {@code iss} must be
 */
record VerifySettings(
        Optional<String> audience, Optional<URI> jwksUrl, Optional<String> publicKey, Optional<String> issuer) {
    static final String AUDIENCE = "expected_audience";
    static final String JWKS_URL = "jwks_url";
    static final String PUBLIC_KEY = "public_key";
    static final String ISSUER = "issuer";

    VerifySettings {
        Objects.requireNonNull(audience);
        Objects.requireNonNull(jwksUrl);
        Objects.requireNonNull(publicKey);
        Objects.requireNonNull(issuer);
    }

    /**
     * The settings as they are now.
     *
     * @throws InvalidInputException if one cannot be used
     */
    static VerifySettings of(Settings settings) {
        Optional<URI> jwks = ChronosSettings.text(settings, JWKS_URL)
                .map(text -> WebAddress.of(
                        ChronosSettings.path(settings, JWKS_URL),
                        text,
                        "https://portal.example/.well-known/jwks.json"));
        Optional<String> key = ChronosSettings.text(settings, PUBLIC_KEY);
        if (jwks.isPresent() && key.isPresent()) {
            throw ChronosSettings.refused(settings, PUBLIC_KEY, "jwks_url is set too", "leave one of the two");
        }
        if (key.isPresent() && PemKey.read(key.get()).isEmpty()) {
            throw ChronosSettings.refused(
                    settings,
                    PUBLIC_KEY,
                    "it is no RSA key of at least 2048 bits and no P-256 or P-384 key in PEM",
                    "write the whole text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----");
        }
        return new VerifySettings(
                ChronosSettings.text(settings, AUDIENCE), jwks, key, ChronosSettings.text(settings, ISSUER));
    }

    /** Why no token can be verified, naming the keys to set; empty if one can. */
    Optional<String> gap() {
        if (audience.isEmpty()) {
            return Optional.of("cron.chronos." + AUDIENCE + " is not set");
        }
        return jwksUrl.isEmpty() && publicKey.isEmpty()
                ? Optional.of("neither cron.chronos." + JWKS_URL + " nor cron.chronos." + PUBLIC_KEY + " is set")
                : Optional.empty();
    }
}
