package dev.kairos.builtin;

import java.util.Objects;
import java.util.Optional;

/**
 * One provider found on the class path or in a JAR, usable or not.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param name its name; empty if it could not be asked
 * @param className the class, or words where that is unknown too
 * @param source the JAR, or {@code class path}
 * @param problem why it cannot be chosen: it does not load, throws, says it is not available, or shares its name
 */
public record ProviderListing(Optional<String> name, String className, String source, Optional<String> problem) {
    public ProviderListing {
        Objects.requireNonNull(name);
        Objects.requireNonNull(className);
        Objects.requireNonNull(source);
        Objects.requireNonNull(problem);
    }
}
