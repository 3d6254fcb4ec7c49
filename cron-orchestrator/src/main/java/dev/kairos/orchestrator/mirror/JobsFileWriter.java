package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.Changes;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.RefusedException;
import dev.kairos.orchestrator.mirror.MirrorReport.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the store to the file: writes {@code jobs.json} anew, whole, never over an edit that was not taken. Its methods block
 * on the store and the disk. Not thread-safe: it is used under the lock of {@link JobsMirror}.
 */
final class JobsFileWriter {
    private static final Logger LOG = LoggerFactory.getLogger("cron.mirror");
    private static final Duration PAUSE_WHEN_TOO_LARGE = Duration.ofMinutes(10);
    private static final int TRIES_FOR_A_SNAPSHOT = 5;

    private final JobStore store;
    private final Environment environment;
    private final MirroredFile file;
    private final HandEdits edits;

    /** Where the last written copy stood; empty until this object has written one. */
    private OptionalLong written = OptionalLong.empty();
    /** Until when nothing is written, because the jobs are too many for a file. */
    private Instant heldUntil = Instant.MIN;

    JobsFileWriter(JobStore store, Environment environment, MirroredFile file, HandEdits edits) {
        this.store = store;
        this.environment = environment;
        this.file = file;
        this.edits = edits;
    }

    /**
     * Writes the file if a definition changed since it was written, or it is missing.
     *
     * @throws InvalidInputException if it cannot be written
     */
    void writeIfChanged() {
        MirrorReport report = edits.take();
        if (report.kind() == Kind.DAMAGED) {
            return;
        }
        Changes changes = changes();
        if (!file.isOf(changes) && !hasNothingToSay(report, changes)) {
            write();
        }
    }

    /**
     * Writes the file if anything of a job moved since it was written.
     *
     * @throws InvalidInputException if it cannot be written
     */
    void writeCourtesyCopy() {
        MirrorReport report = edits.take();
        if (report.kind() == Kind.DAMAGED) {
            return;
        }
        Changes changes = store.jobs().changesSince(written.orElse(Long.MAX_VALUE));
        boolean isWritten =
                written.isPresent() && file.isOf(changes) && changes.jobIds().isEmpty();
        if (!isWritten && !hasNothingToSay(report, changes)) {
            write();
        }
    }

    /** A store that never had a job does not make a file. */
    private static boolean hasNothingToSay(MirrorReport report, Changes changes) {
        return report.kind() == Kind.MISSING && HandEdits.isFresh(changes);
    }

    private void write() {
        if (environment.now().isBefore(heldUntil)) {
            return;
        }
        try {
            Snapshot snapshot = snapshot();
            for (int i = 0; i < TRIES_FOR_A_SNAPSHOT && !file.isAsSeen(); i++) { // somebody saved it meanwhile
                file.forget();
                if (edits.take().kind() == Kind.DAMAGED) {
                    return;
                }
                snapshot = snapshot();
            }
            if (!file.isAsSeen()) {
                return; // somebody saves it over and over: the next write comes within seconds
            }
            if (snapshot.bytes().length > JsonText.LARGEST) {
                heldUntil = environment.now().plus(PAUSE_WHEN_TOO_LARGE);
                LOG.warn(
                        "cron.mirror file={} not written: the jobs are more than 64 MiB. Set cron.jobs_file to false;"
                                + " `kairos export FILE` writes them once.",
                        file.path());
                return;
            }
            file.replace(snapshot.bytes());
            written = OptionalLong.of(snapshot.changes().cursor());
        } catch (IOException e) {
            throw new RefusedException(
                    file.path().toString(),
                    "it cannot be written: " + FileFault.words(e),
                    "check the folder's owner, its permissions (0700) and the free space; the jobs are safe in the store");
        }
    }

    /** The store's jobs as the text of a file. */
    String text() {
        return new String(snapshot().bytes(), StandardCharsets.UTF_8);
    }

    /**
     * Writes the store's jobs because a person asked for it.
     *
     * @param target where; empty for the {@code jobs.json} itself, even a damaged one, which is kept beside it
     * @throws InvalidInputException if it cannot be written
     */
    JobsMirror.Exported export(Optional<Path> target) {
        Path asked = target.orElse(file.path());
        try {
            if (target.isEmpty()) {
                return new JobsMirror.Exported(asked, exportOverDamage());
            }
            environment.files().replace(asked, snapshot().bytes());
            return new JobsMirror.Exported(asked, Optional.empty());
        } catch (IOException e) {
            throw new RefusedException(
                    asked.toString(),
                    "it cannot be written: " + FileFault.words(e),
                    "choose a folder that you may write to and that has free space");
        }
    }

    /** Answers where what was damaged is kept. */
    private Optional<Path> exportOverDamage() throws IOException {
        Optional<Path> kept = Optional.empty();
        if (edits.take().kind() == Kind.DAMAGED) {
            Optional<byte[]> damaged = file.read();
            if (damaged.isPresent()) {
                kept = Optional.of(file.keepCopy(damaged.get(), MirroredFile.CONFLICT));
            }
        }
        file.replace(snapshot().bytes());
        return kept;
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
        JobsFile.Head head = new JobsFile.Head(changes.storeId(), changes.revision(), environment.now(), edits.extra());
        return new Snapshot(changes, JobsFile.write(head, jobs));
    }

    private Changes changes() {
        return store.jobs().changesSince(Long.MAX_VALUE);
    }
}
