package dev.kairos.builtin;

import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.orchestrator.run.ScriptRunner;
import dev.kairos.orchestrator.run.ScriptVariables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The host as the plug-in's runner of one kind of work sees it. */
record HostOfRunners(
        String kind,
        Configuration configuration,
        Map<String, String> variables,
        Environment environment,
        JobStore store,
        Path home,
        Function<String, Optional<String>> targets)
        implements RunnerHost {
    @Override
    public Settings settings() {
        return configuration.at(kind);
    }

    @Override
    public Optional<String> message(Execution row) throws IOException {
        return new KeptOutputs(environment, new OutputFiles(environment, home), store, KeptOutputs.KEPT).message(row);
    }

    @Override
    public JobRunner scripts() {
        return new ScriptRunner(variables);
    }

    @Override
    public Map<String, String> childVariables(RunRequest request) {
        return ScriptVariables.of(variables, request, request.stateFolder());
    }

    @Override
    public Optional<String> targetTrouble(String target) {
        return targets.apply(target);
    }

    @Override
    public boolean mayAgentsSchedule() {
        return configuration.getLenient(ConfigKey.ALLOW_AGENT_SCHEDULING).orElse(false);
    }
}
