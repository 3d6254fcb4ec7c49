package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.TrustLevel;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.Digests;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.RefusedException;
import dev.kairos.orchestrator.jobs.Revisions;
import dev.kairos.orchestrator.jobs.TargetCheck;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code jobs.json} and a store alike (architecture.md §6). The store is the authority: it writes the file anew after
 * a definition changed, and takes from the file only what a person changed in it since the revision the file names. A file
 * that cannot be read is never overwritten; a missing one is written again.
 *
 * <p>Several processes may mirror one store at once: what one brought into the store the others find there, files are
 * replaced whole, and one that lags behind is written again. Every method may be called from any thread, blocks on the
 * store and the disk, and excludes the others of the same object. Status: experimental since 0.1.
 */
public final class JobsMirror {
    private static final Logger LOG = LoggerFactory.getLogger("cron.mirror");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** A file changed this recently may be changed once more under the same stamp of its modification. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private static final Duration PAUSE_WHEN_TOO_LARGE = Duration.ofMinutes(10);
    private static final int TRIES_FOR_A_SNAPSHOT = 5;
    private static final String CONFLICT = ".conflict-";

    private final JobStore store;
    private final Environment environment;
    private final Path file;
    private final JobOperations operations;
    private final Object lock = new Object();

    private @Nullable Seen seen;
    /** The last file that a person changed and that was merged: what the next save of the same editor is compared with. */
    private @Nullable JobsFile lastTaken;

    /** Where the last written copy stood; empty until this object has written one. */
    private OptionalLong written = OptionalLong.empty();
    /** Until when nothing is written, because the jobs are too many for a file. */
    private Instant heldUntil = Instant.MIN;

    /**
     * The file as it was last read or written.
     *
     * @param modifiedAt its stamp
     * @param isSettled whether an equal stamp means an equal content
     * @param digest of its bytes
     * @param content what it says; empty if it is damaged
     * @param fault why it is damaged
     */
    private record Seen(
            Optional<Instant> modifiedAt, boolean isSettled, String digest, Optional<JobsFile> content, String fault) {}

    /**
     * A mirror.
     *
     * @param file the {@code jobs.json}
     * @param operations through which changes from the file go; whatever their caller, a file speaks as an operator
     */
    public JobsMirror(JobStore store, Environment environment, Path file, JobOperations operations) {
        this.store = store;
        this.environment = environment;
        this.file = file;
        this.operations = operations.with(operations
                .rules()
                .withCaller(new Caller(TrustLevel.OPERATOR, "jobs.json"))
                .withTargets(TargetCheck.ANY));
    }

    /**
     * Brings what a person changed in the file into the store; the first time, into a store that has no jobs yet, all of
     * it. Cheap while the file is untouched.
     *
     * @throws DamagedFileException if the file cannot be read and the store has never had a job: there is nothing to go on
     *     with
     */
    public MirrorReport syncFromFile() {
        synchronized (lock) {
            try {
                return sync();
            } catch (IOException e) {
                return damaged("", Optional.empty(), unreadable(e));
            }
        }
    }

    /**
     * Looks at the file and takes nothing from it.
     *
     * @return why it cannot be read, a sentence; empty if it can, or is not there
     */
    public Optional<String> fault() {
        synchronized (lock) {
            try {
                Optional<byte[]> bytes = environment.files().read(file);
                if (bytes.isPresent()) {
                    JobsFile.read(file.toString(), bytes.get(), schedules());
                }
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(inForce(unreadable(e)));
            } catch (DamagedFileException e) {
                return Optional.of(inForce(e));
            }
        }
    }

    private static String inForce(DamagedFileException e) {
        return e.getMessage() + ". The store's jobs stay in force and the file is left as it is: " + e.accepted()
                + ", or run `kairos export` to write it anew from the store.";
    }

    private DamagedFileException unreadable(IOException e) {
        return new DamagedFileException(
                file.toString(), "it cannot be read: " + e.getMessage(), "check its owner and permissions (0600)");
    }

    private MirrorReport sync() throws IOException {
        Optional<Instant> modifiedAt = environment.files().modifiedAt(file);
        if (modifiedAt.isEmpty()) {
            seen = null;
            return MirrorReport.of(Kind.MISSING, List.of());
        }
        if (seen != null && seen.isSettled() && seen.modifiedAt().equals(modifiedAt)) {
            return unchanged(seen);
        }
        Optional<byte[]> bytes = environment.files().read(file);
        if (bytes.isEmpty()) {
            seen = null;
            return MirrorReport.of(Kind.MISSING, List.of());
        }
        String digest = digest(bytes.get());
        boolean isSettled = modifiedAt.get().plus(UNSETTLED).isBefore(environment.now());
        if (seen != null && seen.digest().equals(digest)) {
            seen = new Seen(modifiedAt, isSettled, digest, seen.content(), seen.fault());
            return unchanged(seen);
        }
        Optional<JobsFile> untouched = untouched(bytes.get());
        if (untouched.isPresent()) {
            seen = new Seen(modifiedAt, isSettled, digest, untouched, "");
            return MirrorReport.of(Kind.UNCHANGED, List.of());
        }
        JobsFile content;
        try {
            content = JobsFile.read(file.toString(), bytes.get(), schedules());
        } catch (DamagedFileException e) {
            return damaged(digest, modifiedAt, e);
        }
        MirrorReport report = take(content, bytes.get());
        seen = new Seen(modifiedAt, isSettled, digest, Optional.of(content), "");
        return report;
    }

    /**
     * A file as this store wrote it holds nothing to take; unless a person went back to it from an edit that was taken, or
     * it is ahead of a store that was restored from a backup.
     */
    private Optional<JobsFile> untouched(byte[] bytes) {
        Optional<JobsFile> sealed = Seal.of(bytes).map(JobsFile::untouched);
        if (sealed.isEmpty() || lastTaken != null && lastTaken.isOfSameRevision(sealed.get())) {
            return Optional.empty();
        }
        Changes changes = changes();
        return sealed.filter(file -> !isFresh(changes)
                && file.storeId().equals(Optional.of(changes.storeId()))
                && file.revision().orElse(Long.MAX_VALUE) <= changes.revision());
    }

    private static MirrorReport unchanged(Seen seen) {
        return seen.content().isPresent()
                ? MirrorReport.of(Kind.UNCHANGED, List.of())
                : MirrorReport.of(Kind.DAMAGED, List.of(seen.fault()));
    }

    private MirrorReport damaged(String digest, Optional<Instant> modifiedAt, DamagedFileException e) {
        if (isFresh(changes())) {
            throw new DamagedFileException(
                    e.where(),
                    e.reason(),
                    e.accepted() + ", or begin without its jobs: mv " + file + " " + file + ".damaged");
        }
        String fault = inForce(e);
        if (seen == null || !seen.fault().equals(fault)) {
            LOG.warn("cron.mirror file={} damaged: {}", file, fault);
        }
        seen = new Seen(modifiedAt, false, digest, Optional.empty(), fault);
        return MirrorReport.of(Kind.DAMAGED, List.of(fault));
    }

    private Changes changes() {
        return store.jobs().changesSince(Long.MAX_VALUE);
    }

    private static boolean isFresh(Changes changes) {
        return changes.revision() == 0;
    }

    private MirrorReport take(JobsFile content, byte[] bytes) throws IOException {
        Changes changes = changes();
        if (isFresh(changes)) {
            return takeOver(content, changes, bytes);
        }
        FileMerge merge =
                new FileMerge(store, environment, operations, schedules().zone());
        Optional<Map<String, JobDefinition>> base = baseOf(content, changes);
        lastTaken = content;
        Findings findings = base.isPresent()
                ? merge.against(base.get(), content)
                : merge.withoutBase(content, content.storeId().isEmpty());
        Optional<Path> copy = Optional.empty();
        if (!findings.conflicts.isEmpty()) {
            copy = Optional.of(keepCopy(bytes, CONFLICT));
            findings.messages.add("The file as it was is kept as " + copy.get() + ".");
        }
        MirrorReport report = findings.report(Kind.MERGED, copy);
        if (report.hasChanges() || copy.isPresent() || !report.messages().isEmpty()) {
            log(report);
        }
        return report;
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
        if (lastTaken != null && lastTaken.isOfSameRevision(content)) {
            return Optional.of(lastTaken.definitions());
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
            findings.messages.add("The file as it was found is kept as " + keepCopy(bytes, ".imported-") + ".");
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
                    file,
                    report.kind(),
                    counts,
                    String.join(" ", report.messages()));
        } else {
            LOG.info(
                    "cron.mirror file={} kind={} {} {}",
                    file,
                    report.kind(),
                    counts,
                    String.join(" ", report.messages()));
        }
    }

    private Path keepCopy(byte[] bytes, String kind) throws IOException {
        Path copy = file.resolveSibling(file.getFileName() + kind + STAMP.format(environment.now()));
        environment.files().replace(copy, bytes);
        return copy;
    }

    /**
     * Writes the file anew if a definition changed since it was written, or it is missing; first takes from it what a
     * person changed. A run changes no definition, so it writes nothing.
     *
     * @throws InvalidInputException if the file cannot be written; the store is not affected
     */
    public void writeIfChanged() {
        synchronized (lock) {
            MirrorReport report = syncFromFile();
            if (report.kind() == Kind.DAMAGED) {
                return;
            }
            Changes changes = changes();
            if (!isWrittenAt(changes) && !(seen == null && isFresh(changes))) {
                write();
            }
        }
    }

    private boolean isWrittenAt(Changes changes) {
        return seen != null
                && seen.content()
                        .filter(content -> content.storeId().equals(Optional.of(changes.storeId())))
                        .filter(content -> content.revision().orElse(-1) == changes.revision())
                        .isPresent();
    }

    /**
     * Writes the file anew if anything of a job moved since it was written, where it stands included. To be called at most
     * once a minute, and at stop.
     *
     * @throws InvalidInputException if the file cannot be written; the store is not affected
     */
    public void writeCourtesyCopy() {
        synchronized (lock) {
            MirrorReport report = syncFromFile();
            if (report.kind() == Kind.DAMAGED) {
                return;
            }
            Changes changes = store.jobs().changesSince(written.orElse(Long.MAX_VALUE));
            boolean isWritten = written.isPresent()
                    && isWrittenAt(changes)
                    && changes.jobIds().isEmpty();
            if (!isWritten && !(seen == null && isFresh(changes))) {
                write();
            }
        }
    }

    private void write() {
        if (environment.now().isBefore(heldUntil)) {
            return;
        }
        try {
            Snapshot snapshot = snapshot();
            for (int i = 0; i < TRIES_FOR_A_SNAPSHOT && !isAsSeen(); i++) { // somebody saved it meanwhile
                seen = null; // whatever its stamp says
                if (syncFromFile().kind() == Kind.DAMAGED) {
                    return;
                }
                snapshot = snapshot();
            }
            if (!isAsSeen()) {
                return; // somebody saves it over and over: the next write comes within seconds
            }
            if (snapshot.bytes().length > JsonText.LARGEST) {
                heldUntil = environment.now().plus(PAUSE_WHEN_TOO_LARGE);
                LOG.warn(
                        "cron.mirror file={} not written: the jobs are more than 64 MiB. Set cron.jobs_file to false;"
                                + " `kairos export FILE` writes them once.",
                        file);
                return;
            }
            environment.files().replace(file, snapshot.bytes());
            remember(snapshot.bytes());
            written = OptionalLong.of(snapshot.changes().cursor());
        } catch (IOException e) {
            throw new RefusedException(
                    file.toString(),
                    "it cannot be written: " + e.getMessage(),
                    "check the folder's owner, its permissions (0700) and the free space; the jobs are safe in the store");
        }
    }

    /** Whether the file is still what was last read or written: only then is nobody's edit lost by writing it anew. */
    private boolean isAsSeen() throws IOException {
        Optional<byte[]> bytes = environment.files().read(file);
        Seen last = seen;
        return bytes.isEmpty() || last == null || digest(bytes.get()).equals(last.digest());
    }

    private void remember(byte[] bytes) throws IOException {
        seen = new Seen(
                environment.files().modifiedAt(file),
                false,
                digest(bytes),
                Seal.of(bytes).map(JobsFile::untouched),
                "");
    }

    /** The keys of the file as it is that we do not know. */
    private Map<String, @Nullable Object> extra() {
        try {
            byte[] bytes = environment.files().read(file).orElse(null);
            if (bytes != null) {
                return JobsFile.read(file.toString(), bytes, schedules()).extra();
            }
            return new LinkedHashMap<>();
        } catch (IOException | DamagedFileException e) {
            return new LinkedHashMap<>();
        }
    }

    private record Snapshot(Changes changes, byte[] bytes) {}

    /** Jobs and the revision they are of. */
    private Snapshot snapshot() {
        Changes changes = changes();
        List<Job> jobs = store.jobs().list();
        for (int i = 0; i < TRIES_FOR_A_SNAPSHOT; i++) {
            Changes after = changes();
            if (after.revision() == changes.revision()) {
                break;
            }
            changes = after;
            jobs = store.jobs().list();
        }
        Map<String, @Nullable Object> extra = extra();
        JobsFile.Head head = new JobsFile.Head(changes.storeId(), changes.revision(), environment.now(), extra);
        return new Snapshot(changes, JobsFile.write(head, jobs));
    }

    /**
     * Takes over the jobs of another tool's file, with where they stand; a job whose id the store has is passed over and
     * reported.
     *
     * @throws InvalidInputException if the file is missing or cannot be read; nothing is changed
     */
    public MirrorReport importFile(Path other) {
        synchronized (lock) {
            byte[] bytes;
            try {
                bytes = environment
                        .files()
                        .read(other)
                        .orElseThrow(() -> new InvalidInputException(
                                other.toString(), "", "there is no such file", "give the path of a file of jobs"));
            } catch (IOException e) {
                throw new RefusedException(
                        other.toString(), "it cannot be read: " + e.getMessage(), "check its owner and permissions");
            }
            return importText(other.toString(), bytes);
        }
    }

    /**
     * The same of a file's content, wherever it comes from.
     *
     * @param where what to call it in messages
     * @throws InvalidInputException if it cannot be read; nothing is changed
     */
    public MirrorReport importText(String where, byte[] bytes) {
        synchronized (lock) {
            JobsFile content = JobsFile.read(where, bytes, schedules());
            Findings findings = new Findings();
            findings.messages.addAll(content.warnings());
            Revisions revisions = new Revisions(operations, store);
            new Adoption(store, environment, revisions, schedules().zone())
                    .adopt(content, false, id -> store.jobs().find(id).isEmpty(), findings);
            findings.skipped.forEach(
                    id -> findings.messages.add("Job " + id + " was passed over: the store has a job with this id."));
            return findings.report(Kind.IMPORTED, Optional.empty());
        }
    }

    /** The store's jobs as the text of a file. */
    public String exportText() {
        synchronized (lock) {
            return new String(snapshot().bytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Writes the store's jobs to a file.
     *
     * @param target where; empty for the {@code jobs.json} itself, even a damaged one, which is kept beside it
     * @return the file that was written
     * @throws InvalidInputException if it cannot be written
     */
    public Path export(Optional<Path> target) {
        synchronized (lock) {
            Path written = target.orElse(file);
            try {
                if (target.isEmpty() && syncFromFile().kind() == Kind.DAMAGED) {
                    Optional<byte[]> damaged = environment.files().read(file);
                    if (damaged.isPresent()) {
                        keepCopy(damaged.get(), CONFLICT);
                    }
                }
                byte[] bytes = snapshot().bytes();
                environment.files().replace(written, bytes);
                if (target.isEmpty()) {
                    remember(bytes);
                }
                return written;
            } catch (IOException e) {
                throw new RefusedException(
                        written.toString(),
                        "it cannot be written: " + e.getMessage(),
                        "choose a folder that you may write to and that has free space");
            }
        }
    }

    private ScheduleReading schedules() {
        ZoneId zone = ScheduleZones.resolve(Optional.empty(), operations.rules().zone(), environment.zone())
                .zone();
        return new ScheduleReading(environment.now(), zone);
    }

    private static String digest(byte[] bytes) {
        return Digests.of(bytes);
    }
}
