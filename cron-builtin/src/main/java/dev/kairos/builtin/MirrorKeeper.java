package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps jobs.json and the store alike: at the start, while the runtime is a node every second, and at the end. What is
 * changed before a start is written once, at the start or the end. A mirror that fails is said and harms nothing.
 */
final class MirrorKeeper {
    private static final Logger LOG = LoggerFactory.getLogger("cron.mirror");
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration COURTESY = Duration.ofMinutes(1);
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final JobsMirror mirror;
    private final Environment environment;
    private final Signal wake;
    private final RepeatedFailure failures = new RepeatedFailure(LOG, Duration.ofMinutes(10), "cron.mirror jobs.json");
    private @Nullable Task task;
    private volatile boolean isStopping;

    MirrorKeeper(JobsMirror mirror, Environment environment) {
        this.mirror = mirror;
        this.environment = environment;
        this.wake = environment.newSignal();
    }

    JobsMirror mirror() {
        return mirror;
    }

    /**
     * Takes from the file what a person changed while nobody looked.
     *
     * @return what that came to
     * @throws dev.kairos.orchestrator.mirror.DamagedFileException if the file cannot be read and the store is new
     */
    MirrorReport begin() {
        return mirror.syncFromFile();
    }

    void start() {
        isStopping = false;
        task = environment.start("cron-mirror", this::keep);
    }

    /** Writes what moved; the last word of this process. */
    void stop() {
        isStopping = true;
        wake.raise();
        Task running = task;
        try {
            if (running != null && !running.join(STOP_BOUND)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        attempt(mirror::writeCourtesyCopy);
    }

    /** Writes changed definitions, for a runtime that was never started. */
    void writeChanges() {
        attempt(mirror::writeIfChanged);
    }

    private void keep() {
        Duration nextCourtesy = environment.uptime().plus(COURTESY);
        while (!isStopping) {
            if (environment.uptime().compareTo(nextCourtesy) >= 0) {
                nextCourtesy = environment.uptime().plus(COURTESY);
                attempt(mirror::writeCourtesyCopy);
            } else {
                attempt(mirror::writeIfChanged);
            }
            try {
                wake.await(LOOK);
            } catch (InterruptedException e) {
                if (!isStopping) {
                    LOG.warn("cron.mirror interrupted without a stop; it goes on");
                }
            }
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
            failures.over();
        } catch (Throwable thrown) {
            failures.report(
                    environment.uptime(), "cron.mirror jobs.json is not kept; jobs go on from the store", thrown);
        }
    }
}
