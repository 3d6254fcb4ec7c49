package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.MessageComposer;
import dev.kairos.orchestrator.OutputStore;
import dev.kairos.orchestrator.delivery.Targets;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The home's outputs, shared by the processes, and the words around them. Now and then a disk is full or a file is lost. */
final class SimOutputs implements OutputStore, MessageComposer {
    private final SimWorld world;
    private final Map<String, String> kept = new HashMap<>();

    SimOutputs(SimWorld world) {
        this.world = world;
    }

    @Override
    public Saved save(Job job, Execution execution, RunResult result) throws IOException {
        if (world.work.nextInt(100) == 0) {
            throw new IOException("No space left on device");
        }
        String name = job.id() + "/" + execution.id();
        if (world.work.nextInt(100) != 0) {
            kept.put(name, result.message());
        }
        return new Saved(name, Optional.empty());
    }

    @Override
    public Optional<String> message(Execution row) {
        return row.output().map(kept::get);
    }

    @Override
    public RunResult prepare(Job job, RunResult result) {
        return result;
    }

    @Override
    public List<String> targets(JobDefinition definition, ExecutionStatus status) {
        return definition.get(JobField.DELIVER, List.of());
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
        return execution.error().orElse("failed");
    }

    @Override
    public String clean(String text) {
        return text;
    }
}
