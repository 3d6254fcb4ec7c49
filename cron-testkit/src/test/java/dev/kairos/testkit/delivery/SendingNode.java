package dev.kairos.testkit.delivery;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Task;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.OrchestratorSettings;
import dev.kairos.orchestrator.OutputStore;
import dev.kairos.orchestrator.delivery.Redactor;
import dev.kairos.orchestrator.delivery.Targets;
import dev.kairos.orchestrator.delivery.Wording;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.testkit.ManualEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The real orchestrator on virtual time: one job that says "hello", its output in real files, channels that remember. */
final class SendingNode {
    static final Instant NINE = Instant.parse("2027-01-15T09:00:00Z");
    static final String JOB = "job1";

    private final ManualEnvironment environment;
    private final JobStore store;
    private final Path home;
    private final List<DeliveryChannel> channels;
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private final List<CronEvent> events = new CopyOnWriteArrayList<>();
    private Supplier<RunResult> result = () -> RunResult.ok("hello");
    private int senders = 8;
    private int retries;
    private OutputStore outputs;
    private Orchestrator orchestrator;

    SendingNode(ManualEnvironment environment, JobStore store, Path home, DeliveryChannel... channels) {
        this.environment = environment;
        this.store = store;
        this.home = home;
        this.channels = List.of(channels);
        this.outputs = new KeptOutputs(environment, new OutputFiles(environment, home), store, KeptOutputs.KEPT);
    }

    SendingNode ends(Supplier<RunResult> how) {
        result = how;
        return this;
    }

    SendingNode senders(int most) {
        senders = most;
        return this;
    }

    /** Further attempts of a failed run. */
    SendingNode retries(int most) {
        retries = most;
        return this;
    }

    SendingNode outputs(OutputStore other) {
        outputs = other;
        return this;
    }

    /** Joins the store under a fresh orchestrator. */
    SendingNode open() {
        OrchestratorParts.Builder parts = OrchestratorParts.builder(environment, store, home)
                .outputs(outputs)
                .composer(new Wording(new Targets(channels, Map.of()), new Redactor(List.of()), false))
                .settings(OrchestratorSettings.builder()
                        .maxParallelSends(senders)
                        .maxRetries(retries)
                        .build())
                .listener(events::add)
                .runner(new JobRunner() {
                    @Override
                    public String kind() {
                        return "script";
                    }

                    @Override
                    public RunResult run(RunRequest request) {
                        runs.add(request.execution().id());
                        return result.get();
                    }
                });
        channels.forEach(parts::channel);
        orchestrator = new Orchestrator(parts.build());
        orchestrator.open();
        return this;
    }

    /** A job due at nine and every hour. */
    SendingNode job(String... targets) {
        return job(JOB, Duration.ofHours(1), targets);
    }

    SendingNode job(String id, Duration period, String... targets) {
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.NAME, "hello " + id)
                .set(JobField.SCHEDULE, Schedule.interval(period, ZoneOffset.UTC))
                .set(JobField.SCRIPT, "hello.sh")
                .set(JobField.NO_AGENT, true)
                .set(JobField.DELIVER, List.of(targets))
                .set(JobField.WORKDIR, home.resolve("work").toString())
                .build();
        EngineState engine = EngineState.fresh().toBuilder()
                .next(Optional.of(NINE), Optional.of(NINE))
                .build();
        store.jobs().create(List.of(new Job(id, definition, 1, engine)));
        return this;
    }

    /** Gives the job another working folder. */
    SendingNode workdir(String where) {
        store.claims()
                .decide(
                        JOB,
                        view -> Amendment.builder()
                                .definition(view.job().orElseThrow().definition().toBuilder()
                                        .set(JobField.WORKDIR, where)
                                        .build())
                                .build());
        return this;
    }

    /** What is kept of the newest run. */
    Optional<String> message() throws IOException {
        return outputs.message(row());
    }

    /** Closes it, and says how long that took. */
    Duration closedAfter(Duration forRuns, Duration forSends) {
        Duration begun = environment.uptime();
        Task closing = environment.start("closing", () -> orchestrator.close(forRuns, forSends));
        environment.settle();
        while (!closing.isDone()) {
            environment.advance(Duration.ofSeconds(1));
        }
        return environment.uptime().minus(begun);
    }

    List<Execution> unrecorded() {
        return orchestrator.unrecorded();
    }

    /** The ids that a provider is to arm. */
    List<String> armed() {
        return orchestrator.desiredTriggers().stream()
                .map(DesiredTrigger::jobId)
                .toList();
    }

    /** One pass, and everything that follows from it without time going by. */
    SendingNode pass() {
        orchestrator.tick();
        environment.settle();
        return this;
    }

    /** Runs what is due and makes the first attempt to send. */
    SendingNode runAndSend() {
        return pass().pass();
    }

    /** Lets the time go by, then makes a pass. */
    SendingNode after(Duration time) {
        environment.advance(time);
        return pass();
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }

    List<String> runs() {
        return runs;
    }

    List<CronEvent> events() {
        environment.settle();
        return events;
    }

    List<Envelope> envelopes() {
        return store.outbox().list(Optional.empty(), Set.of(), 1_000);
    }

    Envelope envelope(String target) {
        return envelopes().stream()
                .filter(envelope -> envelope.target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    /** A row that this node, which was never opened, runs. */
    Execution runningRow() {
        return Execution.builder("e1", JOB, NINE)
                .status(ExecutionStatus.RUNNING)
                .node(environment.nodeProbe().self().id())
                .fence(1)
                .startedAt(NINE)
                .build();
    }

    Execution row() {
        return store.ledger().list(ExecutionQuery.ofJob(JOB, 1)).get(0);
    }

    EngineState.LastRun lastRun() {
        return store.jobs().find(JOB).orElseThrow().engine().lastRun();
    }

    /** Where failures go. */
    SendingNode failuresTo(String target) {
        store.claims()
                .decide(
                        JOB,
                        view -> Amendment.builder()
                                .definition(view.job().orElseThrow().definition().toBuilder()
                                        .set(JobField.FAILURE_DELIVER, List.of(target))
                                        .build())
                                .build());
        return this;
    }

    void remove() {
        store.claims().decide(JOB, view -> Amendment.builder().removeJob().build());
    }

    void pause() {
        store.claims()
                .decide(
                        JOB,
                        view -> Amendment.builder()
                                .definition(view.job().orElseThrow().definition().toBuilder()
                                        .set(JobField.ENABLED, false)
                                        .build())
                                .build());
    }
}
