package dev.kairos.api.run;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an agent job's model is reached through: one configured model entry with its credential. A runner names those that
 * a job would use ({@link JobRunner#backends}), so that the host can keep runs away from one whose session has lapsed.
 *
 * <p>The credential is never shown and never leaves this object but as a keyed hash. Immutable. Status: experimental since
 * 0.1.
 */
public final class Backend {
    /** What a lapsed session's answer holds, where the entry says nothing else (behaviour.md §4). */
    public static final String LAPSED_SESSION = "\"error\":\"Invalid token\"";

    private static final String ALGORITHM = "HmacSHA256";

    private final String entry;
    private final String name;
    private final String sessionSign;
    private final String credential;

    private Backend(Builder builder) {
        entry = builder.entry;
        name = builder.name;
        sessionSign = builder.sessionSign;
        credential = builder.credential;
        if (entry.isBlank() || name.isBlank() || sessionSign.isBlank()) {
            throw new IllegalArgumentException("a backend needs an entry, a name and a session sign");
        }
    }

    /** A builder for the model entry of that name; the backend's own name is the same until it is set. */
    public static Builder of(String entry) {
        return new Builder(entry);
    }

    /** The model entry's name in the configuration. */
    public String entry() {
        return entry;
    }

    /** The name with which the backend's errors begin, as in {@code Acme API error (401 Unauthorized)}. */
    public String name() {
        return name;
    }

    /** What tells a lapsed session from an ordinary refusal. */
    public String sessionSign() {
        return sessionSign;
    }

    /** A hash of entry and credential that only the holder of the key can repeat: 64 hex digits. */
    public String fingerprint(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal((entry + '\0' + credential).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "Backend[" + entry + "]";
    }

    /** Collects a backend's parts. Not thread-safe. */
    public static final class Builder {
        private final String entry;
        private String name;
        private String sessionSign = LAPSED_SESSION;
        private String credential = "";

        private Builder(String entry) {
            this.entry = Objects.requireNonNull(entry);
            this.name = entry;
        }

        /** See {@link Backend#name()}. */
        public Builder name(String value) {
            name = Objects.requireNonNull(value);
            return this;
        }

        /** See {@link Backend#sessionSign()}. */
        public Builder sessionSign(String value) {
            sessionSign = Objects.requireNonNull(value);
            return this;
        }

        /** The credential as it is now; another one opens a gate that was closed for the former. */
        public Builder credential(String value) {
            credential = Objects.requireNonNull(value);
            return this;
        }

        /** The backend. */
        public Backend build() {
            return new Backend(this);
        }
    }
}
