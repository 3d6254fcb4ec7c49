package dev.kairos.orchestrator.mirror;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Changes;
import dev.kairos.orchestrator.jobs.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code jobs.json} on the disk, and how it was when this object last read or wrote it. Its methods block on the disk.
 * Not thread-safe: it is used under the lock of {@link JobsMirror}.
 */
final class MirroredFile {
    /** The ending of a copy that holds an edit which was not taken over whole. */
    static final String CONFLICT = ".conflict-";
    /** The ending of a copy of what another tool, or an earlier store, had left. */
    static final String IMPORTED = ".imported-";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** A file changed this recently may be changed once more under the same stamp of its modification. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private final Environment environment;
    private final Path path;
    private @Nullable Seen seen;

    MirroredFile(Environment environment, Path path) {
        this.environment = environment;
        this.path = path;
    }

    /**
     * The file as it was last read or written.
     *
     * @param settledAt the stamp of its modification, while an equal one means an equal content
     * @param digest of its bytes
     * @param content what it says; empty if it is damaged
     * @param fault why it is damaged
     */
    record Seen(Optional<Instant> settledAt, String digest, Optional<JobsFile> content, String fault) {}

    /** The file as somebody else left it, as yet unread; the stamp and the digest are those of {@link Seen}. */
    record Found(byte[] bytes, Optional<Instant> settledAt, String digest) {}

    Path path() {
        return path;
    }

    /** How it was when it was last read or written; empty if it was missing. */
    Optional<Seen> seen() {
        return Optional.ofNullable(seen);
    }

    /**
     * Looks for what is new in it. Cheap while it is untouched.
     *
     * @return what is to be read, and then told to {@link #saw}; empty if it is missing or as it was seen
     */
    Optional<Found> look() throws IOException {
        Optional<Instant> modifiedAt = environment.files().modifiedAt(path);
        if (modifiedAt.isPresent() && seen != null && seen.settledAt().equals(modifiedAt)) {
            return Optional.empty();
        }
        Optional<byte[]> bytes = modifiedAt.isPresent() ? read() : Optional.empty();
        if (bytes.isEmpty()) {
            seen = null;
            return Optional.empty();
        }
        Instant now = environment.now();
        Optional<Instant> settledAt = modifiedAt.filter(at -> at.plus(UNSETTLED).isBefore(now));
        String digest = Digests.of(bytes.get());
        if (seen != null && seen.digest().equals(digest)) {
            seen = new Seen(settledAt, digest, seen.content(), seen.fault());
            return Optional.empty();
        }
        return Optional.of(new Found(bytes.get(), settledAt, digest));
    }

    /** What was found is read. */
    void saw(Found found, JobsFile content) {
        seen = new Seen(found.settledAt(), found.digest(), Optional.of(content), "");
    }

    /**
     * What was found cannot be read.
     *
     * @param found empty if not even its bytes could be had
     */
    void sawDamaged(Optional<Found> found, String fault) {
        seen = new Seen(Optional.empty(), found.map(Found::digest).orElse(""), Optional.empty(), fault);
    }

    /** Has the next look find it new, whatever its stamp says. */
    void forget() {
        seen = null;
    }

    /**
     * Whether it is missing, or still what was last read or written: only then is nobody's edit lost by writing it anew. One
     * that was missing at the last look and is there again is somebody's.
     */
    boolean isAsSeen() throws IOException {
        Optional<byte[]> bytes = read();
        Seen last = seen;
        return bytes.isEmpty() || last != null && Digests.of(bytes.get()).equals(last.digest());
    }

    /** Whether what was seen is of the store's present revision. */
    boolean isOf(Changes changes) {
        return seen().flatMap(Seen::content)
                .filter(content -> content.storeId().equals(Optional.of(changes.storeId())))
                .filter(content -> content.revision().orElse(-1) == changes.revision())
                .isPresent();
    }

    Optional<byte[]> read() throws IOException {
        return environment.files().read(path);
    }

    /** Writes it anew, whole. */
    void replace(byte[] bytes) throws IOException {
        environment.files().replace(path, bytes);
        seen = new Seen(Optional.empty(), Digests.of(bytes), Seal.of(bytes).map(JobsFile::untouched), "");
    }

    /**
     * Keeps what it held, beside it; never over an earlier copy of the same second.
     *
     * @param ending what the copy's name says before the time
     */
    Path keepCopy(byte[] bytes, String ending) throws IOException {
        String name = path.getFileName() + ending + STAMP.format(environment.now());
        Path copy = path.resolveSibling(name);
        for (int i = 2; environment.files().modifiedAt(copy).isPresent(); i++) {
            copy = path.resolveSibling(name + "-" + i);
        }
        environment.files().replace(copy, bytes);
        return copy;
    }
}
