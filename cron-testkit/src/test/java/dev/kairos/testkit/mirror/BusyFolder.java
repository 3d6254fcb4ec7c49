package dev.kairos.testkit.mirror;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A disk on which a person saves the file right after it was read the given number of times. */
final class BusyFolder extends PassingFiles {
    private final Runnable save;
    private int readsLeft;

    BusyFolder(HostFiles disk, int reads, Runnable save) {
        super(disk);
        this.readsLeft = reads;
        this.save = save;
    }

    @Override
    public Optional<byte[]> read(Path file) throws IOException {
        Optional<byte[]> content = super.read(file);
        if (--readsLeft == 0) {
            save.run();
        }
        return content;
    }
}
