package dev.kairos.app;

import java.io.IOException;
import java.nio.file.Path;

/** Three daemons on one home, on SQLite. */
class ManyDaemonsIT extends ManyDaemonsProof {
    @Override
    ServedHome home(Path folder) throws IOException {
        return new ServedHome(folder);
    }
}
