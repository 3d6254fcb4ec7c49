package dev.kairos.testkit;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunRequest;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.delivery.Redactor;
import dev.kairos.orchestrator.delivery.Targets;
import dev.kairos.orchestrator.delivery.Wording;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One job and one channel under the real orchestrator on virtual time: what becomes of the job's message while the platform
 * behind the channel has a bad day. Outputs are real files.
 *
 * <p>Not thread-safe; closed by the test. Status: experimental since 0.1.
 */
public final class DeliveryStory implements AutoCloseable {
    private static final Instant NINE = Instant.parse("2027-01-15T09:00:00Z");
    private static final String JOB = "backup";

    private final ManualEnvironment environment;
    private final MemoryStore store;
    private final AtomicInteger runs = new AtomicInteger();
    private final Orchestrator orchestrator;

    /**
     * A job that is due now and once a day, and has not run yet.
     *
     * @param environment its time is nine o'clock; the channel's environment too
     * @param target in the channel's grammar
     * @param message what the job says
     */
    public DeliveryStory(
            ManualEnvironment environment, Path home, DeliveryChannel channel, String target, String message) {
        this.environment = environment;
        this.store = new MemoryStore(environment);
        this.orchestrator = new Orchestrator(OrchestratorParts.builder(environment, store, home)
                .outputs(new KeptOutputs(environment, new OutputFiles(environment, home), store, KeptOutputs.KEPT))
                .composer(new Wording(new Targets(List.of(channel), Map.of()), new Redactor(List.of()), false))
                .channel(channel)
                .runner(new JobRunner() {
                    @Override
                    public String kind() {
                        return "script";
                    }

                    @Override
                    public RunResult run(RunRequest request) {
                        runs.incrementAndGet();
                        return RunResult.ok(message);
                    }
                })
                .build());
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.NAME, JOB)
                .set(JobField.SCHEDULE, Schedule.interval(Duration.ofDays(1), ZoneOffset.UTC))
                .set(JobField.SCRIPT, "backup.sh")
                .set(JobField.NO_AGENT, true)
                .set(JobField.DELIVER, List.of(target))
                .build();
        EngineState engine = EngineState.fresh().toBuilder()
                .next(Optional.of(NINE), Optional.of(NINE))
                .build();
        store.jobs().create(List.of(new Job(JOB, definition, 1, engine)));
        orchestrator.open();
    }

    /** The environment of a story: virtual time, at nine. */
    public static ManualEnvironment time() {
        return new ManualEnvironment(NINE);
    }

    /** Runs what is due and sends what is due, until both rest. */
    public DeliveryStory pass() {
        for (int i = 0; i < 2; i++) { // the first pass runs it, the second sends what it said
            orchestrator.tick();
            environment.settle();
        }
        return this;
    }

    /** Lets the time go by until the message is tried again, and answers how long that was. */
    public Duration untilItIsTriedAgain() {
        Duration wait = Duration.between(environment.now(), envelope().nextAttemptAt());
        environment.advance(wait);
        pass();
        return wait;
    }

    /** The message on its way. */
    public Envelope envelope() {
        return store.outbox().list(Optional.empty(), Set.of(), 10).get(0);
    }

    /** How often the job ran. */
    public int runs() {
        return runs.get();
    }

    /** What the job says of its last delivery: its state, and the error if there is one. */
    public String lastDelivery() {
        EngineState.LastRun last = store.jobs().find(JOB).orElseThrow().engine().lastRun();
        return last.deliveryStatus().orElse("") + " " + last.deliveryError().orElse("");
    }

    @Override
    public void close() {
        orchestrator.close(Duration.ZERO, Duration.ZERO);
    }
}
