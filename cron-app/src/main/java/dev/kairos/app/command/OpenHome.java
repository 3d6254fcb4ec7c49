package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.JobNotFoundException;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A home with its host: the open store, the jobs in it, the mirror in jobs.json. Used by one thread. */
final class OpenHome implements AutoCloseable {
    private static final int MOST_NEWS = 20;

    private final CronRuntime runtime;
    private final KeptOutputs outputs;

    OpenHome(CronRuntime runtime, Environment environment) {
        this.runtime = runtime;
        this.outputs = new KeptOutputs(
                environment, new OutputFiles(environment, runtime.home()), runtime.store(), KeptOutputs.KEPT);
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

    KeptOutputs outputs() {
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

    /** What came of jobs.json when the home was opened, each a sentence; none where it said nothing new. */
    List<String> newsOfJobsFile() {
        MirrorReport report = runtime.takenFromJobsFile().orElse(null);
        if (report == null) {
            return List.of();
        }
        List<String> news = new ArrayList<>();
        if (report.kind() == MirrorReport.Kind.IMPORTED || report.kind() == MirrorReport.Kind.STATE_LOST) {
            news.add("took over " + folder().resolve("cron").resolve("jobs.json") + ": "
                    + report.created().size() + " jobs, " + report.setAside().size() + " set aside");
        }
        report.messages().stream().limit(MOST_NEWS).forEach(news::add);
        if (report.messages().size() > MOST_NEWS) {
            news.add((report.messages().size() - MOST_NEWS) + " more such remarks are in "
                    + folder().resolve("logs").resolve("kairos.log"));
        }
        return news;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
