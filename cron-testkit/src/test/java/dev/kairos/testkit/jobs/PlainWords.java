package dev.kairos.testkit.jobs;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.MessageComposer;
import dev.kairos.orchestrator.OutputStore;
import dev.kairos.orchestrator.delivery.Targets;
import java.util.List;
import java.util.Optional;

/** Keeps no output and sends nothing. */
final class PlainWords implements MessageComposer, OutputStore {
    @Override
    public Saved save(Job job, Execution execution, RunResult result) {
        return new Saved(execution.id(), Optional.empty());
    }

    @Override
    public Optional<String> message(Execution row) {
        return Optional.empty();
    }

    @Override
    public RunResult prepare(Job job, RunResult result) {
        return result;
    }

    @Override
    public List<String> targets(JobDefinition definition, ExecutionStatus status) {
        return List.of();
    }

    @Override
    public String address(String target) {
        return Targets.addressOf(target);
    }

    @Override
    public String result(Job job, Execution execution, String message) {
        return message;
    }

    @Override
    public String alert(Job job, Execution execution) {
        return "failed";
    }

    @Override
    public String clean(String text) {
        return text;
    }
}
