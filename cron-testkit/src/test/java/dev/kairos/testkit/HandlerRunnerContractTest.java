package dev.kairos.testkit;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.run.JobRunner;
import dev.kairos.orchestrator.run.HandlerRunner;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Handlers keep the runners' contract, as far as their author does. */
class HandlerRunnerContractTest extends JobRunnerContract {
    @Override
    protected JobRunner create() {
        Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
        handlers.put("done", call -> "done");
        handlers.put("fail", call -> {
            throw new IllegalStateException("no data today");
        });
        handlers.put("endless", call -> {
            call.request().environment().sleep(Duration.ofMinutes(10));
            return "too late";
        });
        return new HandlerRunner(handlers);
    }

    private static JobDefinition handler(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.HANDLER, name)
                .build();
    }

    @Override
    protected JobDefinition succeeding() {
        return handler("done");
    }

    @Override
    protected Optional<JobDefinition> failing() {
        return Optional.of(handler("fail"));
    }

    @Override
    protected Optional<JobDefinition> endless() {
        return Optional.of(handler("endless"));
    }

    @Override
    protected Optional<JobDefinition> unready() {
        return Optional.of(handler("missing"));
    }
}
