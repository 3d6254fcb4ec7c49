package dev.kairos.builtin;

import dev.kairos.orchestrator.health.ProviderNotes;
import java.util.Objects;
import java.util.Optional;

/**
 * Which provider pulls the trigger now.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param name the provider in use: {@code builtin}, {@code none} or a plug-in's name
 * @param asked what {@code cron.provider} asked for
 * @param fallbackReason why the built-in ticker was chosen instead of what was asked for
 * @param state idle, starting, armed; covered when its start takes too long, deaf when it does not fire, or dead
 * @param coveredBecause why the built-in ticker covers for a plug-in just now
 * @param notes what a plug-in says of itself, and how its registry stands
 */
public record ProviderStatus(
        String name,
        String asked,
        Optional<String> fallbackReason,
        String state,
        Optional<String> coveredBecause,
        ProviderNotes notes) {
    public ProviderStatus {
        Objects.requireNonNull(name);
        Objects.requireNonNull(asked);
        Objects.requireNonNull(fallbackReason);
        Objects.requireNonNull(state);
        Objects.requireNonNull(coveredBecause);
        Objects.requireNonNull(notes);
    }
}
