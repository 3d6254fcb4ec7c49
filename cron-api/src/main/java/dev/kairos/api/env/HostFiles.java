package dev.kairos.api.env;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Private, durable file operations. Folders are made 0700 and files 0600. Status: experimental since 0.1. */
public interface HostFiles {
    /** The content, or empty if there is no such file. */
    Optional<byte[]> read(Path file) throws IOException;

    /**
     * Replaces the file whole: temporary file beside it, fsync, rename, fsync of the folder. Missing folders are made.
     * After an error the old content stands.
     */
    void replace(Path file, byte[] content) throws IOException;

    /** Replaces the file whole by rename without forcing it to disk: for heartbeats. */
    void replaceQuickly(Path file, byte[] content) throws IOException;

    /** The modification instant, or empty if there is no such file. */
    Optional<Instant> modifiedAt(Path file) throws IOException;

    /** The regular files directly inside, sorted by name; empty if there is no such folder. */
    List<Path> list(Path folder) throws IOException;

    /** Removes the file if it is there. */
    void delete(Path file) throws IOException;

    /** Makes the folder and its missing parents, private. */
    void createFolder(Path folder) throws IOException;
}
