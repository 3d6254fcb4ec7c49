package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.util.Optional;

/**
 * What a job's script said before its agent.
 *
 * @param output what the agent is to read; empty where there is nothing
 * @param hasFailed whether the script failed, which the agent is told
 * @param isAsleep whether the script says that the agent need not be woken
 * @param ended how the run ends where the script was ended from outside, or could not be started
 */
record PreRun(String output, boolean hasFailed, boolean isAsleep, Optional<RunResult> ended) {
    private static final String GATE = "wakeAgent";
    private static final String CONTEXT = "context";

    /** Runs the script, if the job has one. */
    static Optional<PreRun> of(RunRequest request, JobRunner scripts) throws Exception {
        if (request.job().definition().get(JobField.SCRIPT, "").isBlank()) {
            return Optional.empty();
        }
        RunResult result = scripts.run(request);
        if (result.status() == ExecutionStatus.OK) {
            return Optional.of(read(result.message()));
        }
        return Optional.of(
                result.status() == ExecutionStatus.ERROR
                        ? new PreRun(result.error().orElse("it failed"), true, false, Optional.empty())
                        : new PreRun("", true, false, Optional.of(result)));
    }

    /** A last line that is a JSON object with {@code wakeAgent} is a word to Kairos; its {@code context} is read. */
    static PreRun read(String stdout) {
        int last = stdout.lastIndexOf('\n');
        String line = stdout.substring(last + 1).strip();
        Optional<JsonNode> word = line.startsWith("{") ? parse(line) : Optional.empty();
        if (word.isEmpty() || !word.get().has(GATE)) {
            return new PreRun(stdout, false, false, Optional.empty());
        }
        JsonNode context = word.get().path(CONTEXT);
        String before = last < 0 ? "" : stdout.substring(0, last).strip();
        String more = context.isMissingNode() || context.isNull()
                ? ""
                : context.isTextual() ? context.textValue() : context.toString();
        String output = before.isEmpty() || more.isEmpty() ? before + more : before + "\n\n" + more;
        JsonNode gate = word.get().path(GATE);
        return new PreRun(output, false, gate.isBoolean() && !gate.booleanValue(), Optional.empty());
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.of(Json.MAPPER.readTree(line)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty(); // an ordinary last line
        }
    }
}
