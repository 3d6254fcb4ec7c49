package dev.kairos.builtin.system;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Files that are private from their first byte. Where the file system knows no POSIX permissions it leaves access to the
 * system's defaults. An interrupt neither cuts a write short nor is lost.
 */
final class SystemFiles implements HostFiles {
    private static final String TEMPORARY = ".kairos-tmp";
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final LongSupplier chance;

    SystemFiles(LongSupplier chance) {
        this.chance = chance;
    }

    @Override
    public Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(uninterrupted(() -> Files.readAllBytes(file)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
        write(file, content, true);
    }

    @Override
    public void replaceQuickly(Path file, byte[] content) throws IOException {
        write(file, content, false);
    }

    private void write(Path given, byte[] content, boolean durable) throws IOException {
        Path file = target(given.toAbsolutePath());
        Path folder = parentOf(file);
        createFolder(folder);
        Path temporary =
                folder.resolve("." + file.getFileName() + "." + Long.toHexString(chance.getAsLong()) + TEMPORARY);
        uninterrupted(() -> {
            try {
                fill(temporary, content, durable);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException | RuntimeException trouble) {
                discard(temporary, trouble);
                throw trouble;
            }
            if (durable) {
                forceFolder(folder);
            }
            return file;
        });
    }

    /** A file that is a symbolic link (a person keeps it elsewhere) is replaced where it really lies. */
    private static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file;
    }

    private static void fill(Path temporary, byte[] content, boolean durable) throws IOException {
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(temporary, fresh, privately(temporary, PRIVATE_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
    }

    private static void discard(Path temporary, Exception trouble) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException second) {
            trouble.addSuppressed(second);
        }
    }

    /** Makes the rename itself durable. Systems without POSIX permissions do not open folders, nor need it. */
    private static void forceFolder(Path folder) throws IOException {
        if (isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public Optional<Instant> modifiedAt(Path file) throws IOException {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().endsWith(TEMPORARY))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            createFolder(parent);
        }
        try {
            Files.createDirectory(absolute, privately(parentOf(absolute), PRIVATE_FOLDER));
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(absolute)) { // another process was not quicker: something else has the name
                NotDirectoryException refused = new NotDirectoryException(absolute.toString());
                refused.initCause(exists);
                throw refused;
            }
        }
    }

    private static FileAttribute<?>[] privately(Path near, FileAttribute<?> attribute) throws IOException {
        return isPosix(near) ? new FileAttribute<?>[] {attribute} : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path near) throws IOException {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static Path parentOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /** File channels close themselves when their thread is interrupted; the flag waits until the work is done. */
    private static <T> T uninterrupted(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
