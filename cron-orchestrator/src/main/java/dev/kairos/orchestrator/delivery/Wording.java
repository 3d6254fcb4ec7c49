package dev.kairos.orchestrator.delivery;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.MessageComposer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The host's words around results: targets, silence, wrapping, redaction. Immutable. Status: internal. */
public final class Wording implements MessageComposer {
    private final Targets targets;
    private final Redactor redactor;
    private final boolean wrap;

    /**
     * Puts the parts together.
     *
     * @param wrap whether results get a header and a footer ({@code cron.wrap_response})
     */
    public Wording(Targets targets, Redactor redactor, boolean wrap) {
        this.targets = Objects.requireNonNull(targets);
        this.redactor = Objects.requireNonNull(redactor);
        this.wrap = wrap;
    }

    @Override
    public RunResult prepare(Job job, RunResult result) {
        Optional<String> silence = result.silence();
        if (result.status() == ExecutionStatus.OK && silence.isEmpty()) {
            silence = Silence.of(result.message(), job.definition().get(JobField.ALLOW_SILENT, true));
        }
        RunResult clean = result.withTexts(
                redactor.redact(result.message()), result.error().map(redactor::redact));
        return silence.map(clean::withReason).orElse(clean);
    }

    @Override
    public List<String> targets(JobDefinition definition, ExecutionStatus status) {
        return targets.resolve(definition, status);
    }

    @Override
    public String address(String target) {
        return targets.addressHere(target);
    }

    @Override
    public String result(Job job, Execution execution, String message) {
        return redactor.redact(MessageText.wrap(job, execution, message, wrap));
    }

    @Override
    public String alert(Job job, Execution execution) {
        String error = execution.error().orElse("Nothing more is known; see kairos runs " + job.id() + ".");
        return redactor.redact(
                MessageText.alert(job, execution, error, job.engine().failureStreak()));
    }

    @Override
    public String clean(String text) {
        return redactor.redact(text);
    }
}
