package dev.kairos.api;

import java.util.Set;

/**
 * Which jobs' due instants moved. The id {@code _wake} is among them when what should be armed under it moved; it and every
 * job is looked up anew in {@link CronContext#desiredTriggers}, and one that is not there has nothing to be armed.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param jobIds the jobs; empty when unknown
 * @param isUnknown whether anything may have moved: reconcile
 */
public record JobChanges(Set<String> jobIds, boolean isUnknown) {
    public JobChanges {
        jobIds = Set.copyOf(jobIds);
    }

    /** Exactly these moved. */
    public static JobChanges of(Set<String> jobIds) {
        return new JobChanges(jobIds, false);
    }

    /** Anything may have moved. */
    public static JobChanges unknown() {
        return new JobChanges(Set.of(), true);
    }
}
