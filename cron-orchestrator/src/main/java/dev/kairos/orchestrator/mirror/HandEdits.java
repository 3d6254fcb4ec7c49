package dev.kairos.orchestrator.mirror;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.Revisions;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import dev.kairos.orchestrator.mirror.MirroredFile.Found;
import dev.kairos.orchestrator.mirror.MirroredFile.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the file to the store: notices that a person changed {@code jobs.json} and brings what they changed into the store;
 * the first time, all of it. Its methods block on the store and the disk. Not thread-safe: it is used under the lock of
 * {@link JobsMirror}.
 */
final class HandEdits {
    private static final Logger LOG = LoggerFactory.getLogger("cron.mirror");

    private final JobStore store;
    private final Environment environment;
    private final MirroredFile file;
    private final JobOperations operations;

    /** The last file that a person changed and that was merged: what the next save of the same editor is compared with. */
    private @Nullable Taken lastTaken;
    /** The file whose merge failed half-way. */
    private @Nullable Unfinished unfinished;

    HandEdits(JobStore store, Environment environment, MirroredFile file, JobOperations operations) {
        this.store = store;
        this.environment = environment;
        this.file = file;
        this.operations = operations;
    }

    /**
     * A file that was merged, or as much of it as could be.
     *
     * @param brought its jobs, those that could not be brought into the store as they were before
     */
    private record Taken(JobsFile content, Map<String, JobDefinition> brought) {}

    /** It is not read anew for the next try: a delay in it would count from then, and conflict with what was made of it. */
    private record Unfinished(String digest, JobsFile content) {}

    /**
     * Takes what is new in the file. Cheap while it is untouched.
     *
     * @throws DamagedFileException if it cannot be read and the store has never had a job
     */
    MirrorReport take() {
        try {
            Optional<Found> found = file.look();
            return found.isPresent()
                    ? take(found.get())
                    : file.seen().map(HandEdits::unchanged).orElseGet(() -> MirrorReport.of(Kind.MISSING, List.of()));
        } catch (IOException e) {
            return damaged(Optional.empty(), unreadable(e));
        }
    }

    private static MirrorReport unchanged(Seen seen) {
        return seen.content().isPresent()
                ? MirrorReport.of(Kind.UNCHANGED, List.of())
                : MirrorReport.of(Kind.DAMAGED, List.of(seen.fault()));
    }

    private MirrorReport take(Found found) throws IOException {
        Optional<JobsFile> untouched = untouched(found.bytes());
        if (untouched.isPresent()) {
            file.saw(found, untouched.get());
            return MirrorReport.of(Kind.UNCHANGED, List.of());
        }
        JobsFile content;
        try {
            content = contentOf(found);
        } catch (DamagedFileException e) {
            return damaged(Optional.of(found), e);
        }
        Changes changes = changes();
        MirrorReport report =
                isFresh(changes) ? takeOver(content, changes, found.bytes()) : merge(content, changes, found);
        if (report.kind() != Kind.DAMAGED) {
            file.saw(found, content);
        }
        return report;
    }

    private JobsFile contentOf(Found found) {
        Unfinished before = unfinished;
        return before != null && before.digest().equals(found.digest()) ? before.content() : read(found.bytes());
    }

    /**
     * A file as this store wrote it holds nothing to take; unless a person went back to it from an edit that was taken, or
     * it is ahead of a store that was restored from a backup.
     */
    private Optional<JobsFile> untouched(byte[] bytes) {
        Optional<JobsFile> sealed = Seal.of(bytes).map(JobsFile::untouched);
        if (sealed.isEmpty() || lastTaken != null && lastTaken.content().isOfSameRevision(sealed.get())) {
            return Optional.empty();
        }
        Changes changes = changes();
        return sealed.filter(content -> !isFresh(changes)
                && content.storeId().equals(Optional.of(changes.storeId()))
                && content.revision().orElse(Long.MAX_VALUE) <= changes.revision());
    }

    /** Whatever fails on the way, the next look goes on with what is left. */
    private MirrorReport merge(JobsFile content, Changes changes, Found found) {
        FileMerge merge =
                new FileMerge(store, environment, operations, schedules().zone());
        Optional<Map<String, JobDefinition>> base = baseOf(content, changes).map(LinkedHashMap::new);
        unfinished = new Unfinished(found.digest(), content);
        base.ifPresent(brought -> lastTaken = new Taken(content, brought));
        Findings findings = base.isPresent()
                ? merge.against(base.get(), content)
                : merge.withoutBase(content, content.storeId().isEmpty());
        Optional<Path> copy = Optional.empty();
        if (!findings.conflicts.isEmpty()) {
            try {
                copy = Optional.of(file.keepCopy(found.bytes(), MirroredFile.CONFLICT));
            } catch (IOException e) {
                return damaged(Optional.empty(), notKept(e));
            }
            findings.messages.add("The file as it was is kept as " + copy.get() + ".");
        }
        unfinished = null;
        lastTaken = new Taken(content, content.definitions());
        MirrorReport report = findings.report(Kind.MERGED, copy);
        if (report.hasChanges() || copy.isPresent() || !report.messages().isEmpty()) {
            log(report);
        }
        return report;
    }

    private DamagedFileException notKept(IOException e) {
        return new DamagedFileException(
                file.path().toString(),
                "it was changed where the store was changed too, and no copy of it can be kept beside it: "
                        + FileFault.words(e),
                "check the folder's owner, its permissions (0700) and the free space");
    }

    /**
     * What the file was made from. An editor that saves twice names the old revision twice: its second save is compared
     * with its first, so that a person never conflicts with themselves.
     */
    private Optional<Map<String, JobDefinition>> baseOf(JobsFile content, Changes changes) {
        if (!content.storeId().equals(Optional.of(changes.storeId()))
                || content.revision().isEmpty()) {
            return Optional.empty();
        }
        if (lastTaken != null && lastTaken.content().isOfSameRevision(content)) {
            return Optional.of(lastTaken.brought());
        }
        return store.jobs().definitionsAt(content.revision().getAsLong());
    }

    private MirrorReport takeOver(JobsFile content, Changes changes, byte[] bytes) {
        boolean isStateLost =
                content.storeId().isPresent() && !content.storeId().equals(Optional.of(changes.storeId()));
        Findings findings = new Findings();
        findings.messages.addAll(content.warnings());
        if (isStateLost) {
            findings.messages.add(
                    "The file was written from the store " + content.storeId().orElseThrow()
                            + ", which is gone: recurring jobs go on at their next instant, and one-shots that are not recorded as"
                            + " completed are paused. Look at them with `kairos list` and resume those that shall run.");
        }
        if (!content.records().isEmpty()) {
            keepAsFound(bytes, findings);
        }
        Revisions revisions = new Revisions(operations, store);
        new Adoption(store, environment, revisions, schedules().zone())
                .adopt(content, isStateLost, id -> true, findings);
        MirrorReport report = findings.report(isStateLost ? Kind.STATE_LOST : Kind.IMPORTED, Optional.empty());
        log(report);
        return report;
    }

    /** What is not understood is not written back, so the only copy of it must not go with the first rewrite. */
    private void keepAsFound(byte[] bytes, Findings findings) {
        try {
            findings.messages.add(
                    "The file as it was found is kept as " + file.keepCopy(bytes, MirroredFile.IMPORTED) + ".");
        } catch (IOException e) {
            findings.messages.add("No copy of the file as it was found could be kept: " + e.getMessage() + ".");
        }
    }

    private void log(MirrorReport report) {
        boolean isWarning = report.kind() == Kind.STATE_LOST
                || report.conflictCopy().isPresent()
                || !report.setAside().isEmpty();
        String counts = "created=" + report.created().size() + " updated="
                + report.updated().size() + " removed=" + report.removed().size() + " set_aside="
                + report.setAside().size();
        if (isWarning) {
            LOG.warn(
                    "cron.mirror file={} kind={} {}: {}",
                    file.path(),
                    report.kind(),
                    counts,
                    String.join(" ", report.messages()));
        } else {
            LOG.info(
                    "cron.mirror file={} kind={} {} {}",
                    file.path(),
                    report.kind(),
                    counts,
                    String.join(" ", report.messages()));
        }
    }

    private MirrorReport damaged(Optional<Found> found, DamagedFileException e) {
        if (isFresh(changes())) {
            throw new DamagedFileException(
                    e.where(),
                    e.reason(),
                    e.accepted() + ", or begin without its jobs: mv " + file.path() + " " + file.path() + ".damaged");
        }
        String fault = inForce(e);
        if (file.seen().filter(seen -> seen.fault().equals(fault)).isEmpty()) {
            LOG.warn("cron.mirror file={} damaged: {}", file.path(), fault);
        }
        file.sawDamaged(found, fault);
        return MirrorReport.of(Kind.DAMAGED, List.of(fault));
    }

    /** Why the file cannot be read, a sentence; empty if it can, or is not there. Takes nothing from it. */
    Optional<String> fault() {
        try {
            file.read().ifPresent(this::read);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(inForce(unreadable(e)));
        } catch (DamagedFileException e) {
            return Optional.of(inForce(e));
        }
    }

    private static String inForce(DamagedFileException e) {
        return e.getMessage() + ". The store's jobs stay in force and the file is left as it is: " + e.accepted()
                + ", or run `kairos export` to write it anew from the store.";
    }

    private DamagedFileException unreadable(IOException e) {
        return new DamagedFileException(
                file.path().toString(),
                "it cannot be read: " + FileFault.words(e),
                "check that it is a file, and its owner and permissions (0600)");
    }

    /** The keys beside the jobs that we do not know and a person wrote: they stay in the file when it is written anew. */
    Map<String, @Nullable Object> extra() {
        try {
            return file.read().map(bytes -> read(bytes).extra()).orElseGet(LinkedHashMap::new);
        } catch (IOException | DamagedFileException e) {
            return new LinkedHashMap<>();
        }
    }

    private JobsFile read(byte[] bytes) {
        return JobsFile.read(file.path().toString(), bytes, schedules());
    }

    private ScheduleReading schedules() {
        return ScheduleReading.now(environment, operations);
    }

    private Changes changes() {
        return store.jobs().changesSince(Long.MAX_VALUE);
    }

    /** Whether the store has never had a job. */
    static boolean isFresh(Changes changes) {
        return changes.revision() == 0;
    }
}
