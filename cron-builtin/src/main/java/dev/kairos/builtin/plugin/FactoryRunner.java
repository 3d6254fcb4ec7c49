package dev.kairos.builtin.plugin;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.JobRunnerFactory;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.util.List;
import java.util.function.Supplier;

/** A runner that a plug-in's factory makes when a job of its kind first runs or is checked; behind a {@link GuardedRunner}. */
final class FactoryRunner implements JobRunner {
    private final String kind;
    private final FactoryMade<JobRunner> runner;

    FactoryRunner(JobRunnerFactory factory, String kind, Supplier<FactoryHost> host) {
        this.kind = kind;
        this.runner = new FactoryMade<>(() -> factory.open(host.get().runner(kind)));
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        return runner.get().run(request);
    }

    @Override
    public List<Backend> backends(Job job) {
        return runner().backends(job);
    }

    @Override
    public List<String> check(JobDefinition definition) {
        return runner().check(definition);
    }

    private JobRunner runner() {
        try {
            return runner.get();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("its factory's open " + Guard.words(e), e);
        }
    }
}
