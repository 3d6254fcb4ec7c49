package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.JobNotFoundException;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.orchestrator.output.OutputFiles;
import java.nio.file.Path;
import java.util.List;

/** A home with its host: the open store, the jobs in it, the mirror in jobs.json. Used by one thread. */
final class OpenHome implements AutoCloseable {
    private final CronRuntime runtime;
    private final OutputFiles outputs;

    OpenHome(CronRuntime runtime, Environment environment) {
        this.runtime = runtime;
        this.outputs = new OutputFiles(environment, runtime.home());
    }

    Path folder() {
        return runtime.home();
    }

    /** The host; nothing fires before it is started or joined. */
    CronRuntime runtime() {
        return runtime;
    }

    JobStore store() {
        return runtime.store();
    }

    /** What a person at the command line does with jobs. */
    JobOperations jobs() {
        return runtime.jobs();
    }

    OutputFiles outputs() {
        return outputs;
    }

    /** The id of a job that is there, or of a removed one whose rows still are. */
    String jobIdOrPast(String reference) {
        try {
            return jobs().find(reference).id();
        } catch (JobNotFoundException e) {
            if (store().ledger().list(ExecutionQuery.ofJob(reference, 1)).isEmpty()) {
                throw e;
            }
            return reference;
        }
    }

    /** Reads and writes files of jobs, whether or not jobs.json is kept. */
    JobsMirror anyMirror() {
        return runtime.mirror()
                .orElseGet(() -> new JobsMirror(
                        store(), runtime.environment(), folder().resolve("cron").resolve("jobs.json"), jobs()));
    }

    /** What is wrong with jobs.json, each a sentence; what a person changed in it is taken on the way. */
    List<String> faultsOfJobsFile() {
        return runtime.mirror()
                .map(JobsMirror::syncFromFile)
                .filter(report -> report.kind() == MirrorReport.Kind.DAMAGED)
                .map(MirrorReport::messages)
                .orElse(List.of());
    }

    @Override
    public void close() {
        runtime.close();
    }
}
