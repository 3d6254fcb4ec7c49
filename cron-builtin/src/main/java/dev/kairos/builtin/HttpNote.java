package dev.kairos.builtin;

import java.util.Objects;
import java.util.Optional;

/**
 * What a node says of the HTTP server of its process, for {@code status} and {@code doctor}.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param address where it is reached; empty where there is none
 * @param trouble why there is none although there should be, a clause
 */
public record HttpNote(Optional<String> address, Optional<String> trouble) {
    /** There is no server, and none is wanted. */
    public static final HttpNote NONE = new HttpNote(Optional.empty(), Optional.empty());

    public HttpNote {
        Objects.requireNonNull(address);
        Objects.requireNonNull(trouble);
    }

    /** It answers there. */
    public static HttpNote at(String address) {
        return new HttpNote(Optional.of(address), Optional.empty());
    }

    /** It should answer and does not. */
    public static HttpNote failed(String trouble) {
        return new HttpNote(Optional.empty(), Optional.of(trouble));
    }
}
