package dev.kairos.testkit.mirror;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A disk on which a missing file comes back right after it was found missing, as with {@code git checkout}. */
final class CheckedOut extends PassingFiles {
    private final Runnable write;
    private boolean isBack;

    CheckedOut(HostFiles disk, Runnable write) {
        super(disk);
        this.write = write;
    }

    @Override
    public Optional<Instant> modifiedAt(Path file) throws IOException {
        Optional<Instant> found = super.modifiedAt(file);
        if (found.isEmpty() && !isBack) {
            isBack = true;
            write.run();
        }
        return found;
    }
}
