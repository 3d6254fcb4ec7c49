package dev.kairos.builtin;

import dev.kairos.api.job.Job;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Runs agent jobs by answering what a test wants, through the first backend it may use, and notes each call. */
final class FakeAgent implements JobRunner {
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile List<Backend> backends = List.of(acme("first secret"));
    volatile Function<RunRequest, RunResult> answer = request -> RunResult.ok("done");

    static Backend acme(String credential) {
        return Backend.of("main").name("Acme").credential(credential).build();
    }

    @Override
    public String kind() {
        return "agent";
    }

    @Override
    public List<Backend> backends(Job job) {
        return backends;
    }

    @Override
    public RunResult run(RunRequest request) {
        String entry = request.backends().get(0).entry();
        calls.add(entry);
        return answer.apply(request).withBackend(entry);
    }
}
