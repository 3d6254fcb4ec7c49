package dev.kairos.runner.agent;

import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.JobRunnerFactory;
import dev.kairos.api.run.RunnerHost;

/** Makes the runner of agent jobs. Found by {@link java.util.ServiceLoader}. Status: experimental since 0.1. */
public final class AgentRunnerFactory implements JobRunnerFactory {
    /** For the service loader. */
    public AgentRunnerFactory() {}

    @Override
    public String kind() {
        return WorkKind.AGENT.word();
    }

    @Override
    public JobRunner open(RunnerHost host) {
        return new AgentRunner(host);
    }
}
