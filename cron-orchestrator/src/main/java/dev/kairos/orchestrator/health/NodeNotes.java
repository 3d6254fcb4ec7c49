package dev.kairos.orchestrator.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node says of itself beside its passes, in its heartbeat; everything in it may be unknown.
 *
 * <p>Status: internal.
 *
 * @param asked what {@code cron.provider} asked for
 * @param fallbackReason why the built-in ticker fires instead of it
 * @param coveredBecause why the built-in ticker covers for the provider just now
 * @param lastFire when a provider without a ticker last fired something
 * @param desired how many triggers such a provider should have armed
 * @param abilities what the node can run; empty where it does not say
 * @param platforms what the node can deliver to
 * @param storeSilentSince since when its store has not answered
 * @param stuckJobs jobs whose thread was given up and still lives
 * @param provider what it says of its provider
 * @param http where its process answers HTTP
 * @param httpTrouble why its process does not answer HTTP, though it should
 */
public record NodeNotes(
        Optional<String> asked,
        Optional<String> fallbackReason,
        Optional<String> coveredBecause,
        Optional<Instant> lastFire,
        Optional<Integer> desired,
        List<String> abilities,
        List<String> platforms,
        Optional<Instant> storeSilentSince,
        List<String> stuckJobs,
        ProviderNotes provider,
        Optional<String> http,
        Optional<String> httpTrouble) {
    /** Nothing is known. */
    public static final NodeNotes NONE = new NodeNotes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            ProviderNotes.NONE,
            Optional.empty(),
            Optional.empty());

    public NodeNotes {
        Objects.requireNonNull(asked);
        Objects.requireNonNull(fallbackReason);
        Objects.requireNonNull(coveredBecause);
        Objects.requireNonNull(lastFire);
        Objects.requireNonNull(desired);
        abilities = List.copyOf(abilities);
        platforms = List.copyOf(platforms);
        Objects.requireNonNull(storeSilentSince);
        stuckJobs = List.copyOf(stuckJobs);
        Objects.requireNonNull(provider);
        Objects.requireNonNull(http);
        Objects.requireNonNull(httpTrouble);
    }

    /** The same by a clock that shows another time: each of its instants that much later. */
    NodeNotes later(Duration by) {
        return new NodeNotes(
                asked,
                fallbackReason,
                coveredBecause,
                lastFire.map(at -> at.plus(by)),
                desired,
                abilities,
                platforms,
                storeSilentSince.map(at -> at.plus(by)),
                stuckJobs,
                provider.later(by),
                http,
                httpTrouble);
    }

    /** What the built-in ticker stands in for, and why, if it does. */
    public Optional<String> insteadBecause() {
        return fallbackReason.or(() -> coveredBecause);
    }
}
