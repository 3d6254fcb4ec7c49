package dev.kairos.provider.crontab;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What the fired commands say, {@code logs/crontab.log} of the home: private, and never longer than a few megabytes. */
final class FireLog {
    private static final long LARGEST = 1 << 20;

    private FireLog() {}

    /** Sees to it that it is there and not too large; one older is kept. */
    static void tend(HostFiles files, Path home) throws IOException {
        Path log = home.resolve("logs").resolve("crontab.log");
        if (Files.isRegularFile(log) && Files.size(log) > LARGEST) {
            Files.move(log, log.resolveSibling("crontab.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log)) {
            files.replaceQuickly(log, new byte[0]);
        }
    }
}
