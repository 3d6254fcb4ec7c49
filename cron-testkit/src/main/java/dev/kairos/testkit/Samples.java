package dev.kairos.testkit;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Small jobs, rows and decisions for the contract tests. */
final class Samples {
    static final Instant T0 = Instant.parse("2027-01-15T09:00:00.123Z");
    static final Abilities SCRIPTS = new Abilities(Set.of("script"));

    /** The platforms of the contract tests' targets. */
    static final Set<String> PLATFORMS = Set.of("console", "ntfy", "mail");

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final AtomicLong LAST = new AtomicLong();

    private Samples() {}

    static Instant minute(long count) {
        return T0.plus(PERIOD.multipliedBy(count));
    }

    static JobDefinition script(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.SCHEDULE, Schedule.interval(PERIOD, ZoneOffset.UTC))
                .set(JobField.SCRIPT, "beat.sh")
                .set(JobField.NO_AGENT, true)
                .build();
    }

    static JobDefinition handler(String handler) {
        return JobDefinition.builder()
                .set(JobField.NAME, handler)
                .set(JobField.SCHEDULE, Schedule.interval(PERIOD, ZoneOffset.UTC))
                .set(JobField.HANDLER, handler)
                .build();
    }

    static Job due(String id, Instant at) {
        return new Job(id, script(id), 1, dueAt(at));
    }

    static Job tagged(String id, Instant at, String... tags) {
        return new Job(
                id, script(id).toBuilder().set(JobField.TAGS, List.of(tags)).build(), 1, dueAt(at));
    }

    /** Due, in a zone that no machine knows, as another node may have stored it. */
    static Job unreadable(String id, Instant at) {
        Map<String, Object> tree = new LinkedHashMap<>(script(id).toMap());
        tree.put(JobField.SCHEDULE.key(), Map.of("kind", "cron", "expr", "* * * * *", "timezone", "Mars/Olympus_Mons"));
        return new Job(id, JobDefinition.fromStore(tree), 1, dueAt(at));
    }

    static Job idle(String id) {
        return new Job(id, script(id), 1, EngineState.fresh());
    }

    static EngineState dueAt(Instant at) {
        return EngineState.fresh().toBuilder()
                .next(Optional.of(at), Optional.of(at))
                .build();
    }

    static String newId() {
        return String.format("%016x", LAST.incrementAndGet());
    }

    static Execution.Builder row(String jobId, Instant scheduledAt) {
        return Execution.builder(newId(), jobId, scheduledAt);
    }

    static Execution ended(String jobId, Instant scheduledAt) {
        return row(jobId, scheduledAt)
                .status(ExecutionStatus.OK)
                .startedAt(scheduledAt)
                .finishedAt(scheduledAt)
                .build();
    }

    static Execution claimed(String jobId, Instant scheduledAt, String node) {
        return row(jobId, scheduledAt)
                .status(ExecutionStatus.CLAIMED)
                .node(node)
                .fence(1)
                .claimedAt(scheduledAt)
                .build();
    }

    static Execution requested(String jobId, Instant at) {
        return row(jobId, at)
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .build();
    }

    static Execution finished(Execution row, ExecutionStatus how) {
        return row.toBuilder().status(how).finishedAt(minute(1)).build();
    }

    static Amendment write(Execution... rows) {
        Amendment.Builder amendment = Amendment.builder();
        for (Execution row : rows) {
            amendment.row(row);
        }
        return amendment.build();
    }

    /** Writes rows of one job, whatever stands there. */
    static void add(JobStore store, String jobId, Execution... rows) {
        store.claims().decide(jobId, view -> write(rows));
    }

    static void remove(JobStore store, String jobId) {
        store.claims().decide(jobId, view -> Amendment.builder().removeJob().build());
    }

    static void define(JobStore store, String jobId, String name) {
        store.claims()
                .decide(
                        jobId,
                        view -> Amendment.builder().definition(script(name)).build());
    }

    static NodeIdentity node(String nonce) {
        return NodeIdentity.builder("boot", 7, nonce)
                .pidNamespace("pid:[1]")
                .startTicks(42)
                .build();
    }

    static String join(JobStore store, String nonce) {
        store.nodes().join(node(nonce));
        return node(nonce).id();
    }

    static ClaimRequest ask(String node, Instant now, int limit) {
        return new ClaimRequest(node, now, now, limit, SCRIPTS, Optional.empty());
    }

    static EnvelopeClaimRequest envelopes(String node, Instant now, int limit) {
        return new EnvelopeClaimRequest(node, now, limit, PLATFORMS);
    }

    /** Claims the due occurrence, moves the job one minute on, and takes waiting rows too. */
    static JobDecider take(String node) {
        return view -> {
            Amendment.Builder amendment = Amendment.builder();
            Job job = view.job().orElseThrow();
            for (Execution open : view.openRows()) {
                if (open.status().isWaiting()) {
                    amendment.row(open.toBuilder()
                            .status(ExecutionStatus.CLAIMED)
                            .node(node)
                            .fence(open.fence() + 1)
                            .build());
                }
            }
            job.engine()
                    .nextRunAt()
                    .ifPresent(at -> amendment
                            .row(claimed(job.id(), at, node))
                            .engine(job.engine().toBuilder()
                                    .next(Optional.of(at.plus(PERIOD)), Optional.of(at.plus(PERIOD)))
                                    .lastScheduledAt(Optional.of(at))
                                    .build()));
            return amendment.build();
        };
    }

    static List<Job> dueTogether(int count, Instant at) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(due(String.format("job-%05d", i), at));
        }
        return jobs;
    }
}
