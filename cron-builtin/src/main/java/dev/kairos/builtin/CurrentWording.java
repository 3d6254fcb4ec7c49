package dev.kairos.builtin;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.MessageComposer;
import java.util.List;

/** The words around results with whatever channels there are at the moment. */
final class CurrentWording implements MessageComposer {
    private final Deliveries deliveries;

    CurrentWording(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public RunResult prepare(Job job, RunResult result) {
        return deliveries.wording().prepare(job, result);
    }

    @Override
    public String clean(String text) {
        return deliveries.wording().clean(text);
    }

    @Override
    public List<String> targets(JobDefinition definition, ExecutionStatus status) {
        return deliveries.wording().targets(definition, status);
    }

    @Override
    public String address(String target) {
        return deliveries.wording().address(target);
    }

    @Override
    public String result(Job job, Execution execution, String message) {
        return deliveries.wording().result(job, execution, message);
    }

    @Override
    public String alert(Job job, Execution execution) {
        return deliveries.wording().alert(job, execution);
    }
}
