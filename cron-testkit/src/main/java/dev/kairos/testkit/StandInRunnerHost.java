package dev.kairos.testkit;

import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.run.ScriptRunner;
import dev.kairos.orchestrator.run.ScriptVariables;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A host for a runner that a factory makes: no earlier outputs, every target within reach.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param settings the runner's own subtree
 * @param home an empty folder
 * @param environment one with processes, where the runner starts some
 * @param store an empty store
 * @param variables the host's own variables, of which children get a short list
 */
public record StandInRunnerHost(
        Settings settings, Path home, Environment environment, JobStore store, Map<String, String> variables)
        implements RunnerHost {
    @Override
    public Optional<String> message(Execution row) {
        return Optional.empty();
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
        return Optional.empty();
    }

    @Override
    public boolean mayAgentsSchedule() {
        return false;
    }
}
