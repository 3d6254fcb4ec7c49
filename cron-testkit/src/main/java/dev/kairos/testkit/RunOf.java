package dev.kairos.testkit;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One attempt of a contract's job. */
final class RunOf implements RunRequest {
    static final String JOB_ID = "job_c0ffee";

    private static final AtomicInteger LAST = new AtomicInteger();

    private final JobDefinition definition;
    private final Path home;
    private final Environment environment;
    private final List<Backend> backends;
    private final String executionId = String.format("c0ffee%010x", LAST.incrementAndGet());
    private final AtomicInteger words = new AtomicInteger();
    private volatile boolean isEnding;

    RunOf(JobDefinition definition, Path home, Environment environment, List<Backend> backends) {
        this.definition = definition;
        this.home = home;
        this.environment = environment;
        this.backends = backends;
    }

    /** Says that the host has asked it to end, as before each interrupt. */
    void end() {
        isEnding = true;
    }

    /** How often the runner said that the work goes on. */
    int words() {
        return words.get();
    }

    static Job job(JobDefinition definition) {
        return new Job(JOB_ID, definition, 1, EngineState.fresh());
    }

    @Override
    public Job job() {
        return job(definition);
    }

    @Override
    public Execution execution() {
        return Execution.builder(executionId, JOB_ID, environment.now())
                .status(ExecutionStatus.RUNNING)
                .node("here")
                .build();
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Path stateFolder() {
        return home.resolve("cron").resolve("state").resolve(JOB_ID);
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public List<Backend> backends() {
        return backends;
    }

    @Override
    public void progressed() {
        words.incrementAndGet();
    }

    @Override
    public boolean isEnding() {
        return isEnding;
    }
}
