package dev.kairos.builtin;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.JobRunnerFactory;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.builtin.plugin.Guard;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plug-in's runner that is looked for once a job of its kind runs or is checked: a command that only looks at jobs loads
 * none of its libraries. Thread-safe.
 */
final class LateRunner implements JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger("cron.runtime");
    private static final int MOST_BROKEN = 20;

    private final String kind;
    private final RunnerHost host;
    private final List<ClassLoader> loaders;
    private final Object lock = new Object();
    private @Nullable Optional<JobRunner> found;
    private volatile Optional<String> trouble = Optional.empty();

    LateRunner(String kind, RunnerHost host, List<ClassLoader> loaders) {
        this.kind = kind;
        this.host = host;
        this.loaders = List.copyOf(loaders);
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public List<Backend> backends(Job job) {
        return runner().map(runner -> runner.backends(job)).orElse(List.of());
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        Optional<JobRunner> runner = runner();
        return runner.isPresent() ? runner.get().run(request) : RunResult.blocked(lacking());
    }

    @Override
    public List<String> check(JobDefinition definition) {
        Optional<JobRunner> runner = runner();
        return runner.isPresent() ? runner.get().check(definition) : List.of();
    }

    private String lacking() {
        String mend = ", or run the job on a node that has it";
        return trouble.map(why -> "the runner for " + kind + " jobs cannot be used on this node, because it " + why
                        + "; mend or replace its plug-in" + mend)
                .orElse("this node has no runner for " + kind + " jobs; put the runner's plug-in on the class path"
                        + mend);
    }

    private Optional<JobRunner> runner() {
        synchronized (lock) {
            Optional<JobRunner> known = found;
            if (known == null) {
                known = find();
                found = known;
            }
            return known;
        }
    }

    private Optional<JobRunner> find() {
        int broken = 0;
        for (ClassLoader loader : loaders) {
            Iterator<ServiceLoader.Provider<JobRunnerFactory>> factories =
                    ServiceLoader.load(JobRunnerFactory.class, loader).stream().iterator();
            while (broken < MOST_BROKEN) {
                try {
                    if (!factories.hasNext()) {
                        break;
                    }
                    JobRunnerFactory factory = factories.next().get();
                    if (factory.kind().equals(kind)) {
                        return Optional.of(factory.open(host));
                    }
                } catch (RuntimeException | LinkageError | ServiceConfigurationError thrown) {
                    broken++;
                    trouble = Optional.of(Guard.words(thrown));
                    LOG.error("cron.runner-unusable kind={} it {}", kind, Guard.words(thrown), thrown);
                }
            }
        }
        return Optional.empty();
    }
}
