package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import java.util.List;

/**
 * The words around a result: what is silent, where it goes, how it is wrapped, what is redacted.
 *
 * <p>Status: internal.
 */
public interface MessageComposer {
    /** The result with its secrets redacted and its silence recognised. */
    RunResult prepare(Job job, RunResult result);

    /** The text with its secrets redacted: for errors on their way to the ledger. */
    String clean(String text);

    /** Where a result or an alert of that outcome goes, {@code local} included; never fails. */
    List<String> targets(JobDefinition definition, ExecutionStatus status);

    /** The address of a target as this node sends to it: that of the platform's home target where the target has none. */
    String address(String target);

    /** The text of a successful run's message as it is sent. */
    String result(Job job, Execution execution, String message);

    /** The text of a failure alert. */
    String alert(Job job, Execution execution);
}
