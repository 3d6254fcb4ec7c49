package dev.kairos.testkit.mirror;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A disk that can be read and takes nothing more. */
final class FullDisk extends PassingFiles {
    FullDisk(HostFiles disk) {
        super(disk);
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
        throw new IOException("No space left on device");
    }

    @Override
    public void replaceQuickly(Path file, byte[] content) throws IOException {
        throw new IOException("No space left on device");
    }
}
