package dev.kairos.builtin.plugin;

import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** What everybody on this machine may write would let everybody run code as this user. */
final class OpenDoor {
    private OpenDoor() {}

    /** Why nothing is taken from the path, links followed; empty where nobody else may write it. */
    static Optional<Trouble> of(Path path) {
        try {
            Path real = path.toRealPath();
            if (isOpen(real)) {
                return Optional.of(open(real));
            }
            Path folder = real.getParent();
            return Files.isSymbolicLink(path) && folder != null && isOpen(folder)
                    ? Optional.of(open(folder))
                    : Optional.empty();
        } catch (UnsupportedOperationException e) {
            return Optional.empty(); // a file system without such rights
        } catch (IOException e) {
            return Optional.of(new Trouble("it cannot be read: " + PlainWords.of(e), "check its owner and its rights"));
        }
    }

    private static boolean isOpen(Path path) throws IOException {
        return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Trouble open(Path path) {
        return new Trouble(
                "everybody on this machine may write " + path,
                "see who changed it, then: chmod o-w " + path + ", and: kairos plugins reload");
    }
}
