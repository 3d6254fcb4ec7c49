package dev.kairos.orchestrator.mirror;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What reading a file of jobs did to the store.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param kind how it was read
 * @param created ids of jobs that are new in the store
 * @param updated ids of jobs that were changed
 * @param removed ids of jobs that were removed
 * @param setAside ids of jobs whose record cannot be read
 * @param skipped ids that were passed over
 * @param messages what a person should be told, each a sentence
 * @param conflictCopy where the file as it was is kept, when it said something that the store did not take over
 */
public record MirrorReport(
        Kind kind,
        List<String> created,
        List<String> updated,
        List<String> removed,
        List<String> setAside,
        List<String> skipped,
        List<String> messages,
        Optional<Path> conflictCopy) {

    /** How a file was read. */
    public enum Kind {
        /** It is as it was when it was last read or written. */
        UNCHANGED,
        /** There is none; it is written again from the store. */
        MISSING,
        /** It cannot be read, is left as it is, and the store's jobs stay in force. */
        DAMAGED,
        /** Its changes were brought into the store. */
        MERGED,
        /** Its jobs were taken over into a store that had none. */
        IMPORTED,
        /** As imported, and the store that it was written from is gone. */
        STATE_LOST
    }

    public MirrorReport {
        Objects.requireNonNull(kind);
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        removed = List.copyOf(removed);
        setAside = List.copyOf(setAside);
        skipped = List.copyOf(skipped);
        messages = List.copyOf(messages);
        Objects.requireNonNull(conflictCopy);
    }

    /** A report of nothing done. */
    static MirrorReport of(Kind kind, List<String> messages) {
        return new MirrorReport(
                kind, List.of(), List.of(), List.of(), List.of(), List.of(), messages, Optional.empty());
    }

    /** Whether anything was written into the store. */
    public boolean hasChanges() {
        return !(created.isEmpty() && updated.isEmpty() && removed.isEmpty() && setAside.isEmpty());
    }
}
