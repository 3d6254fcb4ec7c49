package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.orchestrator.health.HeartbeatReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node that covers for a deaf provider hears that its triggers come: they call a command, mostly in another process,
 * which leaves word in the home. One small file for each job, and only while some node of the home says that its provider is
 * deaf. Best effort: an attempt that is not heard costs nothing but time. Any thread.
 */
final class OutsideAttempts {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final String DEAF = "deaf";

    private final Environment environment;
    private final Path home;
    private final Path folder;

    /**
     * An attempt to fire.
     *
     * @param at when it was made
     */
    record Attempt(String jobId, Instant at) {}

    OutsideAttempts(Environment environment, Path home) {
        this.environment = environment;
        this.home = home;
        this.folder = home.resolve("cron").resolve("attempts");
    }

    /** Somebody outside called to fire the job. */
    void note(String jobId, Instant at) {
        try {
            if (Job.isLegalId(jobId) && isAnyDeaf()) { // it becomes the name of a file
                environment
                        .files()
                        .replaceQuickly(folder.resolve(jobId), at.toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("cron.provider an attempt to fire is not noted job={}", jobId, e);
        }
    }

    private boolean isAnyDeaf() throws IOException {
        return new HeartbeatReader(environment, home)
                .all().stream()
                        .anyMatch(node -> node.notes()
                                .provider()
                                .state()
                                .filter(DEAF::equals)
                                .isPresent());
    }

    /** What was noted since asked last, the latest of each job. */
    List<Attempt> take() {
        List<Attempt> taken = new ArrayList<>();
        try {
            for (Path file : environment.files().list(folder)) {
                environment
                        .files()
                        .read(file)
                        .ifPresent(content -> add(taken, file.getFileName().toString(), content));
                environment.files().delete(file);
            }
        } catch (IOException e) {
            LOG.debug("cron.provider attempts to fire cannot be read in {}", folder, e);
        }
        return taken;
    }

    private static void add(List<Attempt> taken, String jobId, byte[] content) {
        try {
            taken.add(new Attempt(jobId, Instant.parse(new String(content, StandardCharsets.UTF_8))));
        } catch (DateTimeException e) {
            LOG.debug("cron.provider an attempt to fire is not readable job={}", jobId, e);
        }
    }
}
