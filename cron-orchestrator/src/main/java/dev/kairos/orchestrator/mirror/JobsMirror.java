package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.TrustLevel;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.RefusedException;
import dev.kairos.orchestrator.jobs.Revisions;
import dev.kairos.orchestrator.jobs.TargetCheck;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

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
    private final JobStore store;
    private final Environment environment;
    private final JobOperations operations;
    private final HandEdits edits;
    private final JobsFileWriter writer;
    private final Object lock = new Object();

    /**
     * A mirror.
     *
     * @param file the {@code jobs.json}
     * @param operations through which changes from the file go; whatever their caller, a file speaks as an operator
     */
    public JobsMirror(JobStore store, Environment environment, Path file, JobOperations operations) {
        this.store = store;
        this.environment = environment;
        this.operations = operations.with(operations
                .rules()
                .withCaller(new Caller(TrustLevel.OPERATOR, "jobs.json"))
                .withTargets(TargetCheck.ANY));
        MirroredFile mirrored = new MirroredFile(environment, file);
        this.edits = new HandEdits(store, environment, mirrored, this.operations);
        this.writer = new JobsFileWriter(store, environment, mirrored, edits);
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
            return edits.take();
        }
    }

    /**
     * Looks at the file and takes nothing from it.
     *
     * @return why it cannot be read, a sentence; empty if it can, or is not there
     */
    public Optional<String> fault() {
        synchronized (lock) {
            return edits.fault();
        }
    }

    /** Whether this is a file of jobs as it could stand in {@code jobs.json}. Takes nothing from it. */
    public boolean canRead(byte[] bytes) {
        try {
            JobsFile.read("", bytes, ScheduleReading.now(environment, operations));
            return true;
        } catch (DamagedFileException e) {
            return false;
        }
    }

    /**
     * Writes the file anew if a definition changed since it was written, or it is missing; first takes from it what a
     * person changed. A run changes no definition, so it writes nothing.
     *
     * @throws InvalidInputException if the file cannot be written; the store is not affected
     */
    public void writeIfChanged() {
        synchronized (lock) {
            writer.writeIfChanged();
        }
    }

    /**
     * Writes the file anew if anything of a job moved since it was written, where it stands included. To be called at most
     * once a minute, and at stop.
     *
     * @throws InvalidInputException if the file cannot be written; the store is not affected
     */
    public void writeCourtesyCopy() {
        synchronized (lock) {
            writer.writeCourtesyCopy();
        }
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
                        other.toString(),
                        "it cannot be read: " + FileFault.words(e),
                        "check its owner and permissions");
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
            ScheduleReading schedules = ScheduleReading.now(environment, operations);
            JobsFile content = JobsFile.read(where, bytes, schedules);
            Findings findings = new Findings();
            findings.messages.addAll(content.warnings());
            Revisions revisions = new Revisions(operations, store);
            new Adoption(store, environment, revisions, schedules.zone())
                    .adopt(content, false, id -> store.jobs().find(id).isEmpty(), findings);
            findings.skipped.forEach(
                    id -> findings.messages.add("Job " + id + " was passed over: the store has a job with this id."));
            return findings.report(Kind.IMPORTED, Optional.empty());
        }
    }

    /**
     * What an export did.
     *
     * @param file what was written
     * @param kept where the damaged file that was there is kept
     */
    public record Exported(Path file, Optional<Path> kept) {}

    /** The store's jobs as the text of a file. */
    public String exportText() {
        synchronized (lock) {
            return writer.text();
        }
    }

    /**
     * Writes the store's jobs to a file.
     *
     * @param target where; empty for the {@code jobs.json} itself, even a damaged one, which is kept beside it
     * @throws InvalidInputException if it cannot be written
     */
    public Exported export(Optional<Path> target) {
        synchronized (lock) {
            return writer.export(target);
        }
    }
}
