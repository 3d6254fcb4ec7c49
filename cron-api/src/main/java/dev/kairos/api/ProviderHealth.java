package dev.kairos.api;

import java.util.Objects;

/**
 * How a provider is.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param state the short answer
 * @param detail one sentence for {@code status}; may be empty
 */
public record ProviderHealth(State state, String detail) {
    /** The short answer. */
    public enum State {
        /** It cannot tell. */
        UNKNOWN,
        /** It works. */
        HEALTHY,
        /** It does not. */
        FAILING
    }

    public ProviderHealth {
        Objects.requireNonNull(state);
        Objects.requireNonNull(detail);
    }

    /** It cannot tell. */
    public static ProviderHealth unknown() {
        return new ProviderHealth(State.UNKNOWN, "");
    }
}
