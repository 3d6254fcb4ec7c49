package dev.kairos.builtin.system;

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
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A request to run one job's definition. */
record Attempt(JobDefinition definition, Path home, Environment environment) implements RunRequest {
    static final Instant SCHEDULED = Instant.parse("2027-01-15T08:00:00Z");
    static final String ID = "00112233445566aa";

    @Override
    public Job job() {
        return new Job("job_abc123", definition, 1, EngineState.fresh());
    }

    @Override
    public Execution execution() {
        return Execution.builder(ID, "job_abc123", SCHEDULED)
                .status(ExecutionStatus.RUNNING)
                .node("here")
                .build();
    }

    @Override
    public Path stateFolder() {
        return home.resolve("cron").resolve("state").resolve("job_abc123");
    }

    @Override
    public Optional<String> storePlace() {
        return Optional.of("0a1b2c3d");
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public List<Backend> backends() {
        return List.of();
    }

    @Override
    public void progressed() {
        // nobody listens
    }

    @Override
    public boolean isEnding() {
        return false;
    }
}
