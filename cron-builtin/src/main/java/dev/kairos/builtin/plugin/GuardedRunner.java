package dev.kairos.builtin.plugin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.util.List;
import java.util.Objects;

/** A plug-in's runner. It runs on the run's own thread, whose time the host bounds. */
final class GuardedRunner implements JobRunner {
    private final JobRunner runner;
    private final String kind;
    private final Gate gate;

    GuardedRunner(JobRunner runner, String kind, Gate gate) {
        this.runner = runner;
        this.kind = kind;
        this.gate = gate;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        return gate.here(() ->
                Objects.requireNonNull(runner.run(request), () -> "plug-in " + gate.id() + ": its run returned null"));
    }

    @Override
    public List<Backend> backends(Job job) {
        return gate.bounded("backends", () -> List.copyOf(runner.backends(job)));
    }

    @Override
    public List<String> check(JobDefinition definition) {
        Guard.Answer<List<String>> checked = gate.quickly("check", () -> List.copyOf(runner.check(definition)));
        if (checked.cause().orElse(null) instanceof InvalidInputException refused) {
            throw refused;
        }
        return checked.trouble()
                .map(trouble -> List.of("plug-in " + gate.id() + " could not check the job: it " + trouble))
                .orElseGet(() -> checked.value().orElse(List.of()));
    }
}
