package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.JobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs agents here: the application's own runner, else the plug-in's, which nothing loads before a job needs it. */
record AgentParts(RuntimeBuilder parts, Configuration configuration, Deliveries deliveries) {
    static final String KIND = WorkKind.AGENT.word();

    /** Whether the plug-in's runner is set up: without a model this node leaves agents' jobs to others. */
    boolean hasModels() {
        return configuration.at(KIND).keys().contains("models");
    }

    Optional<JobRunner> given() {
        return parts.runners.stream()
                .filter(runner -> runner.kind().equals(KIND))
                .findFirst();
    }

    /** The plug-in's, where models are configured and the application brought none. */
    Optional<JobRunner> late(Environment environment, JobStore store, Path home) {
        if (given().isPresent() || !hasModels()) {
            return Optional.empty();
        }
        List<ClassLoader> loaders = new ArrayList<>();
        loaders.add(AgentParts.class.getClassLoader());
        loaders.addAll(parts.loaders);
        HostOfRunners host = new HostOfRunners(
                KIND,
                configuration,
                parts.variables(),
                environment,
                store,
                home,
                target -> deliveries.check().refusal(target));
        return Optional.of(new LateRunner(KIND, host, loaders));
    }
}
