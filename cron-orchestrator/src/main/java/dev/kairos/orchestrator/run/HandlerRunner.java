package dev.kairos.orchestrator.run;

import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the named Java handlers of the embedding application. Whatever a handler throws passes through to the host, which
 * records it as a transient failure. Thread-safe. Status: internal.
 */
public final class HandlerRunner implements JobRunner {
    private final Map<String, JobHandler> handlers;

    /**
     * Runs the handlers of this map, by name.
     *
     * @param handlers looked at anew for each run, so that handlers may come and go; a concurrent map
     */
    public HandlerRunner(Map<String, JobHandler> handlers) {
        this.handlers = Objects.requireNonNull(handlers);
    }

    @Override
    public String kind() {
        return WorkKind.HANDLER.word();
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        String name = request.job().definition().get(JobField.HANDLER, "");
        JobHandler handler = handlers.get(name);
        if (handler == null) {
            return RunResult.blocked("This process has no handler named \"" + name + "\". Register it with the runtime"
                    + " before the job is due, or correct the job's handler.");
        }
        Map<String, Object> args = request.job().definition().get(JobField.ARGS, Map.of());
        @Nullable String message = handler.handle(new Call(request, args));
        return RunResult.ok(message == null ? "" : message.strip());
    }

    private record Call(RunRequest request, Map<String, Object> args) implements JobHandler.Call {}
}
