package dev.kairos.orchestrator.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node says of its provider, in its heartbeat; everything in it may be unknown.
 *
 * <p>Status: internal.
 *
 * @param state idle, starting, armed, covered, deaf or dead
 * @param health unknown, healthy or failing, as the provider says itself
 * @param healthDetail what it says to that
 * @param unregistered why what it should have armed is not registered yet
 * @param reconciledAt when it last converged its registry
 * @param armed how many triggers it has armed, where it can tell
 * @param difference how these differ from what should be armed, where they do
 */
public record ProviderNotes(
        Optional<String> state,
        Optional<String> health,
        Optional<String> healthDetail,
        Optional<String> unregistered,
        Optional<Instant> reconciledAt,
        Optional<Integer> armed,
        Optional<String> difference) {
    /** The word for a provider that says it does not work. */
    public static final String FAILING = "failing";

    /** Nothing is known. */
    public static final ProviderNotes NONE = new ProviderNotes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public ProviderNotes {
        Objects.requireNonNull(state);
        Objects.requireNonNull(health);
        Objects.requireNonNull(healthDetail);
        Objects.requireNonNull(unregistered);
        Objects.requireNonNull(reconciledAt);
        Objects.requireNonNull(armed);
        Objects.requireNonNull(difference);
    }

    /** The same by a clock that shows another time: each of its instants that much later. */
    ProviderNotes later(Duration by) {
        return new ProviderNotes(
                state, health, healthDetail, unregistered, reconciledAt.map(at -> at.plus(by)), armed, difference);
    }

    /** Whether the provider says that it does not work. */
    public boolean isFailing() {
        return health.filter(FAILING::equals).isPresent();
    }
}
