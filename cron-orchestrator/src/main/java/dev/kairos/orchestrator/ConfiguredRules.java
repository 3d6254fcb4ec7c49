package dev.kairos.orchestrator;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.orchestrator.plan.CompletionPlanner;
import java.time.Duration;
import java.util.List;

/** The rules about ended attempts as this host's configuration sets them. */
final class ConfiguredRules implements CompletionPlanner.RunRules {
    private final OrchestratorSettings settings;
    private final MessageComposer composer;

    ConfiguredRules(OrchestratorParts parts) {
        this.settings = parts.settings();
        this.composer = parts.composer();
    }

    @Override
    public int maxRetries(WorkKind kind) {
        return kind == WorkKind.AGENT ? settings.agentRetries() : settings.otherRetries();
    }

    @Override
    public Duration backoff() {
        return settings.retryBackoff();
    }

    @Override
    public Duration maxBackoff() {
        return settings.retryMaxBackoff();
    }

    @Override
    public List<String> targets(JobDefinition definition, ExecutionStatus status) {
        return composer.targets(definition, status);
    }
}
