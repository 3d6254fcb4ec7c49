package dev.kairos.provider.crontab;

import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the processes of one home from arming at the same time. It is the operating system's: a dead holder holds nothing. */
final class HomeLock {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @throws Refusal when another one keeps it
     */
    static HomeLock take(Environment environment, Path file) throws IOException {
        environment.files().createFolder(file.resolveSibling("").toAbsolutePath());
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean isHeld = false;
        try {
            Duration end = environment.uptime().plus(BOUND);
            while (!isHeld) {
                isHeld = tried(channel) != null;
                if (!isHeld && environment.uptime().compareTo(end) > 0) {
                    throw new Refusal("another process of this home has been arming for " + BOUND.toSeconds() + " s ("
                            + file + " is locked); it is tried again with the next change");
                }
                if (!isHeld) {
                    environment.sleep(LOOK);
                }
            }
            return new HomeLock(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted while another process of this home was arming", e);
        } finally {
            if (!isHeld) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ownProcess) {
            return null;
        }
    }

    /** Gives it back. */
    void close() throws IOException {
        channel.close();
    }
}
