package dev.kairos.api;

import java.util.Objects;

/**
 * How a provider is, as it says itself. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ProviderHealth {
    private static final ProviderHealth UNKNOWN = new ProviderHealth(State.UNKNOWN, "");
    private static final ProviderHealth HEALTHY = new ProviderHealth(State.HEALTHY, "");

    private final State state;
    private final String detail;

    /** The short answer; more may be added. */
    public enum State {
        /** It cannot tell. */
        UNKNOWN,
        /** It works. */
        HEALTHY,
        /** It does not. */
        FAILING
    }

    private ProviderHealth(State state, String detail) {
        this.state = state;
        this.detail = Objects.requireNonNull(detail);
    }

    /** It cannot tell. */
    public static ProviderHealth unknown() {
        return UNKNOWN;
    }

    /** It works. */
    public static ProviderHealth healthy() {
        return HEALTHY;
    }

    /**
     * It does not work.
     *
     * @param why one sentence for {@code status}
     */
    public static ProviderHealth failing(String why) {
        return new ProviderHealth(State.FAILING, why);
    }

    /** The short answer. */
    public State state() {
        return state;
    }

    /** One sentence for {@code status}; may be empty. */
    public String detail() {
        return detail;
    }

    @Override
    public String toString() {
        return "ProviderHealth[" + state + (detail.isEmpty() ? "" : ": " + detail) + "]";
    }
}
