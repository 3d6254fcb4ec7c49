package dev.kairos.api.env;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose leftovers are ended. Copies have the execution ids of their original, so the ids alone do not say it.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param home the home that asks
 * @param storePlace where its store is ({@link dev.kairos.api.store.JobStore#place}), which other homes may share; empty
 *     where that is unknown
 */
public record LeftoverScope(Path home, Optional<String> storePlace) {
    public LeftoverScope {
        Objects.requireNonNull(home);
        Objects.requireNonNull(storePlace);
    }
}
