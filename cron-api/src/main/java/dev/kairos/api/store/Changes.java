package dev.kairos.api.store;

import java.util.Objects;
import java.util.Set;

/**
 * What moved in a store since a cursor.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param storeId the store's own id, made once
 * @param revision counts the commits that changed definitions
 * @param cursor the cursor to ask with next time
 * @param jobIds the jobs that moved since the cursor that was given
 */
public record Changes(String storeId, long revision, long cursor, Set<String> jobIds) {
    public Changes {
        Objects.requireNonNull(storeId);
        jobIds = Set.copyOf(jobIds);
    }
}
