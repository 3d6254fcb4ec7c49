package dev.kairos.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.FireResult;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A home whose runtime fires agent jobs for real: real clock, real processes, a store in memory. */
final class AgentHome implements AutoCloseable {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<CronEvent> events = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private CronRuntime runtime;

    AgentHome(Path folder) {
        this.folder = folder;
        set("store.url", "memory:").set("cron.retry.backoff", "0s").set("cron.wrap_response", "false");
    }

    AgentHome set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** A model entry behind an OpenAI-shaped endpoint. */
    AgentHome openAi(String entry, WireServer server) {
        return set("agent.models." + entry + ".api", "openai")
                .set("agent.models." + entry + ".base_url", server.url())
                .set("agent.models." + entry + ".model", entry + "-model")
                .set("agent.models." + entry + ".key", "key-of-" + entry)
                .set("agent.models." + entry + ".name", "Acme");
    }

    AgentHome command(String entry, List<String> command) {
        return set("agent.models." + entry + ".command", String.join(",", command))
                .set("agent.models." + entry + ".name", "Acme");
    }

    AgentHome tools(String name, List<String> command) {
        return set("agent.mcp_servers." + name + ".command", String.join(",", command));
    }

    /** A tool server over HTTP. */
    AgentHome tools(String name, String url, String token) {
        return set("agent.mcp_servers." + name + ".url", url).set("agent.mcp_servers." + name + ".token", token);
    }

    CronRuntime runtime() {
        if (runtime == null) {
            runtime = CronRuntime.builder()
                    .home(folder)
                    .caller(Caller.operator())
                    .settings(settings)
                    .variables(Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()))
                    .channel(new Recorder(sent))
                    .listener(events::add)
                    .build();
        }
        return runtime;
    }

    static JobDefinition.Builder brief() {
        return JobDefinition.builder()
                .set(JobField.NAME, "brief")
                .set(JobField.PROMPT, "Tell me what is new.")
                .set(JobField.DELIVER, List.of("recorder:me"));
    }

    String create(JobDefinition.Builder job, String schedule) {
        return runtime()
                .jobs()
                .create(job.set(
                                JobField.SCHEDULE,
                                runtime()
                                        .jobs()
                                        .readSchedule(schedule, Optional.empty())
                                        .schedule())
                        .build())
                .job()
                .id();
    }

    /** Asks for one run of such a job and waits for its end. */
    Execution run(JobDefinition.Builder job) throws Exception {
        return run(create(job, "every 1d"));
    }

    Execution run(String id) throws Exception {
        return begin(id).completion().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    FireResult.Claimed begin(String id) {
        runtime().join();
        runtime().jobs().requestRun(id);
        return runtime().runRequest(id).fold(won -> won, refused -> {
            throw new AssertionError("not claimed: " + refused.reason());
        });
    }

    /** Lets a one-shot come due, attempts and all, and waits for the end of its run. */
    List<Execution> occur(JobDefinition.Builder job) {
        String id = create(job, "1s");
        runtime().join();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            runtime().tick();
            return isOver(id);
        });
        return rows(id);
    }

    /** Whether nothing of the job goes on by itself. */
    boolean isOver(String id) {
        return !rows(id).isEmpty() && rows(id).stream().noneMatch(this::goesOn);
    }

    /** A row that waits for a sign-in goes on only when somebody does. */
    private boolean goesOn(Execution row) {
        return row.status().isOpen()
                && row.reason().filter(why -> why.startsWith("signed_out")).isEmpty();
    }

    /** The job's rows, oldest first. */
    List<Execution> rows(String id) {
        List<Execution> rows = new ArrayList<>(runtime().store().ledger().list(ExecutionQuery.ofJob(id, 100)));
        java.util.Collections.reverse(rows);
        return rows;
    }

    String output(Execution row) throws Exception {
        return new KeptOutputs(
                        runtime().environment(),
                        new OutputFiles(runtime().environment(), folder),
                        runtime().store(),
                        KeptOutputs.KEPT)
                .page(row)
                .orElse("");
    }

    void assertSent(int count) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            runtime().tick();
            assertThat(sent).hasSize(count);
        });
    }

    @Override
    public void close() {
        if (runtime != null) {
            runtime.close();
        }
    }

    private record Recorder(List<String> sent) implements DeliveryChannel {
        @Override
        public String platform() {
            return "recorder";
        }

        @Override
        public void checkAddress(String address) {
            // every address will do
        }

        @Override
        public String send(DeliveryMessage message) {
            sent.add(message.text());
            return "";
        }
    }
}
