package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import java.util.Objects;
import java.util.Optional;

/**
 * Which provider decides when a job is due, and why not the one that was asked for.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param provider the provider in use; empty exactly when {@code none} was asked for
 * @param asked the value of {@code cron.provider}, trimmed; {@code builtin} where it was blank or absent
 * @param fallbackReason why the built-in ticker stands in for the provider that was asked for: a sentence that says which
 *     and why, and what to do
 */
public record Resolution(Optional<CronScheduler> provider, String asked, Optional<String> fallbackReason) {
    public Resolution {
        Objects.requireNonNull(provider);
        Objects.requireNonNull(asked);
        Objects.requireNonNull(fallbackReason);
    }

    /** Whether the built-in ticker was chosen, asked for or not. */
    public boolean isBuiltin() {
        return provider.filter(BuiltinScheduler.class::isInstance).isPresent();
    }

    /** The name of the provider in use, {@code none} where there is none. */
    public String name() {
        return provider.isEmpty() ? "none" : isBuiltin() ? BuiltinScheduler.NAME : asked;
    }
}
