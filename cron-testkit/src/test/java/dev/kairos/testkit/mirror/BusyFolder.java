package dev.kairos.testkit.mirror;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A disk on which a person saves the file right after it was read the given number of times. */
final class BusyFolder implements HostFiles {
    private final HostFiles disk;
    private final Runnable save;
    private int readsLeft;

    BusyFolder(HostFiles disk, int reads, Runnable save) {
        this.disk = disk;
        this.readsLeft = reads;
        this.save = save;
    }

    @Override
    public Optional<byte[]> read(Path file) throws IOException {
        Optional<byte[]> content = disk.read(file);
        if (--readsLeft == 0) {
            save.run();
        }
        return content;
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
