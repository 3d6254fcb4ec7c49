package dev.kairos.builtin.plugin;

import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private folder of copies, each named after its sum. A JAR is loaded from its copy, so that replacing or deleting it
 * disturbs nobody who uses it. Several processes share the folder.
 */
final class Staging {
    private static final Logger LOG = LoggerFactory.getLogger("cron.plugin");

    /** So old is a copy that no JAR goes with any more before it is taken away: another process may just open it. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final Path folder;
    private final Environment environment;

    Staging(Path folder, Environment environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** The copy of the JAR, made where there is none, or another than its name says. */
    Path stage(FoundJar jar) throws IOException {
        Path copy = folder.resolve(jar.sha256() + ".jar");
        boolean isThere = environment
                .files()
                .read(copy)
                .filter(content -> Arrays.equals(content, jar.content()))
                .isPresent();
        if (!isThere) {
            environment.files().replace(copy, jar.content());
        }
        return copy;
    }

    /** Takes old copies away, but for those of the given sums. */
    void sweep(Set<String> kept) {
        try {
            for (Path copy : environment.files().list(folder)) {
                String sum = copy.getFileName().toString().replaceFirst("\\.jar$", "");
                boolean isOld = environment
                        .files()
                        .modifiedAt(copy)
                        .filter(at -> at.plus(KEPT).isBefore(environment.now()))
                        .isPresent();
                if (isOld && !kept.contains(sum)) {
                    environment.files().delete(copy);
                }
            }
        } catch (IOException e) {
            LOG.info("cron.plugin old copies in {} are left: {}", folder, e.getMessage());
        }
    }
}
