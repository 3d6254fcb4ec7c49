package dev.kairos.testkit.mirror;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Passes everything on to a disk; a subclass does something else in one place. */
abstract class PassingFiles implements HostFiles {
    private final HostFiles disk;

    PassingFiles(HostFiles disk) {
        this.disk = disk;
    }

    @Override
    public Optional<byte[]> read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
        disk.replace(file, content);
    }

    @Override
    public void replaceQuickly(Path file, byte[] content) throws IOException {
        disk.replaceQuickly(file, content);
    }

    @Override
    public Optional<Instant> modifiedAt(Path file) throws IOException {
        return disk.modifiedAt(file);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        disk.createFolder(folder);
    }
}
