package dev.kairos.api;

import java.util.List;

/**
 * How an outside trigger fires a job where no process of ours runs. A host that can be started from a command line offers
 * it as a {@link CronContext#capability}; an embedding application's host has none.
 *
 * <p>Status: experimental since 0.1.
 */
@FunctionalInterface
public interface FireCommandLine {
    /**
     * The command that claims and runs what is due of the job and ends: an absolute program and its arguments, the home
     * folder among them. No shell is implied; whoever writes it into one quotes it.
     *
     * @param jobId a job's id, or {@code _wake} for whatever else waits
     */
    List<String> fire(String jobId);
}
