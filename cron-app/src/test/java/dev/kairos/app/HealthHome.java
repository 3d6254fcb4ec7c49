package dev.kairos.app;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A home in whatever state a test of {@code status} and {@code doctor} wants it. */
final class HealthHome implements AutoCloseable {
    private final Path home;
    private final CronRuntime runtime;

    HealthHome(Path home, Map<String, String> settings) {
        this.home = home;
        this.runtime = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .settings(settings)
                .leaveMirrorAlone()
                .build();
    }

    CronRuntime runtime() {
        return runtime;
    }

    Instant now() {
        return runtime.environment().now();
    }

    void script(String name, String text) throws IOException {
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts").resolve(name), text);
    }

    static JobDefinition.Builder beat() {
        return JobDefinition.builder()
                .set(JobField.NAME, "beat")
                .set(JobField.SCHEDULE, Schedule.interval(Duration.ofHours(1), ZoneOffset.UTC))
                .set(JobField.SCRIPT, "beat.sh")
                .set(JobField.NO_AGENT, true);
    }

    /** Stores the job as it is, whatever would be refused at the command line. */
    void job(JobDefinition definition, EngineState engine) {
        runtime.store().jobs().create(List.of(new Job("beat1", definition, 1, engine)));
    }

    /** A state that is due after the time, or since it where it is negative. */
    EngineState dueIn(Duration time) {
        Optional<Instant> at = Optional.of(now().plus(time));
        return EngineState.fresh().toBuilder().next(at, at).build();
    }

    /** An ended run with an envelope that came to that. */
    void delivery(String execution, EnvelopeState state, Duration ago) {
        Instant at = now().minus(ago);
        Execution row = Execution.builder(execution, "beat1", at)
                .status(ExecutionStatus.OK)
                .startedAt(at)
                .finishedAt(at)
                .build();
        Envelope envelope = Envelope.pending(execution, "beat1", "console", Envelope.Content.RESULT, at)
                .ended(state, Optional.of("503 try later"));
        runtime.store()
                .claims()
                .decide(
                        "beat1",
                        view -> Amendment.builder().row(row).envelope(envelope).build());
    }

    /** Stores a row of it as it is. */
    void row(Execution row) {
        runtime.store()
                .claims()
                .decide("beat1", view -> Amendment.builder().row(row).build());
    }

    /** A message that waits. */
    void waiting(String execution, String target, Duration ago) {
        Envelope envelope = Envelope.pending(execution, "beat1", target, Envelope.Content.RESULT, now().minus(ago));
        runtime.store()
                .claims()
                .decide("beat1", view -> Amendment.builder().envelope(envelope).build());
    }

    /** A live node whose heartbeat says so much. */
    void node(String heartbeat) throws IOException {
        runtime.join();
        String node = runtime.status().node().orElseThrow();
        Path file = home.resolve("cron").resolve("nodes").resolve(node + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, heartbeat.replace("NOW", Long.toString(now().getEpochSecond())));
    }

    @Override
    public void close() {
        runtime.close();
    }
}
