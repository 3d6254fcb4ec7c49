package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.orchestrator.run.HandlerRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class HandlerRunnerTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00Z");

    private final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
    private final HandlerRunner runner = new HandlerRunner(handlers);

    private record Request(JobDefinition definition, Environment environment) implements RunRequest {
        @Override
        public Job job() {
            return new Job("job1", definition, 1, EngineState.fresh());
        }

        @Override
        public Execution execution() {
            return Execution.builder("e1", "job1", START)
                    .status(ExecutionStatus.RUNNING)
                    .node("n")
                    .build();
        }

        @Override
        public Path home() {
            return Path.of("/nowhere");
        }

        @Override
        public Path stateFolder() {
            return home();
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

    private static RunRequest request() {
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.HANDLER, "report")
                .set(JobField.ARGS, Map.of("depth", 3))
                .build();
        return new Request(definition, new ManualEnvironment(START));
    }

    @Test
    void aHandlerIsCalledWithItsArgumentsAndItsTrimmedAnswerIsTheMessage() throws Exception {
        handlers.put(
                "report",
                call -> " depth " + call.args().get("depth") + " of "
                        + call.request().job().id() + "\n");
        assertThat(runner.kind()).isEqualTo("handler");
        assertThat(runner.run(request())).isEqualTo(RunResult.ok("depth 3 of job1"));
    }

    @Test
    void handlersMayComeAndGo() throws Exception {
        RunResult blocked = runner.run(request());
        assertThat(blocked.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(blocked.failureKind()).contains(FailureKind.CONFIG);
        assertThat(blocked.error()).hasValueSatisfying(text -> assertThat(text).contains("\"report\"", "Register"));
        handlers.put("report", call -> "here");
        assertThat(runner.run(request()).message()).isEqualTo("here");
        handlers.remove("report");
        assertThat(runner.run(request()).status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
    }

    @Test
    @SuppressWarnings("NullAway") // a handler compiled without null checks may do it
    void nothingIsAnEmptyMessageAndTroublePassesThrough() throws Exception {
        handlers.put("report", call -> null);
        assertThat(runner.run(request())).isEqualTo(RunResult.ok(""));
        handlers.put("report", call -> {
            throw new IllegalStateException("no data");
        });
        assertThatThrownBy(() -> runner.run(request()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no data");
    }
}
