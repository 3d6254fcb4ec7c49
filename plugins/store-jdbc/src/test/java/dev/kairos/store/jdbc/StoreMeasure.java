package dev.kairos.store.jdbc;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.memory.MemoryStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Measures roughly what a store does per second: creates jobs, claims them in batches, completes them in batches. Run
 * its main with the number of jobs, the size of a batch and, for SQLite, a folder on the disk to be measured.
 */
final class StoreMeasure {
    private static final Instant NOW = Instant.parse("2027-01-15T09:00:00Z");
    private static final Abilities SCRIPTS = new Abilities(Set.of("script"));

    private StoreMeasure() {}

    public static void main(String[] arguments) throws Exception {
        int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int batch = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        Path folder = arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("kairos-measure");
        for (int round = 1; round <= 3; round++) {
            try (JobStore memory = new MemoryStore("memory")) {
                run("memory round " + round, memory, jobs, batch);
            }
            try (JobStore sqlite = Stores.fresh(folder)) {
                run("sqlite round " + round, sqlite, jobs, batch);
            }
        }
    }

    private static void run(String name, JobStore store, int count, int batch) {
        List<Job> jobs = new ArrayList<>();
        EngineState due = EngineState.fresh().toBuilder()
                .next(Optional.of(NOW), Optional.of(NOW))
                .build();
        for (int i = 0; i < count; i++) {
            jobs.add(new Job(String.format("%012x", i * 7_919L), definition(i), 1, due));
        }
        NodeIdentity node = NodeIdentity.builder("boot", 1, "measure")
                .pidNamespace("ns")
                .startTicks(1)
                .build();
        store.nodes().join(node);
        report(name, "create", count, () -> store.jobs().create(jobs));
        List<Claim> claims = new ArrayList<>();
        ClaimRequest request = new ClaimRequest(node.id(), NOW, NOW, batch, SCRIPTS, Optional.empty());
        report(name, "claim", count, () -> {
            List<Claim> some;
            do {
                some = store.claims().claimDue(request, view -> take(view, node.id()));
                claims.addAll(some);
            } while (!some.isEmpty());
        });
        report(name, "complete", claims.size(), () -> {
            for (int from = 0; from < claims.size(); from += batch) {
                store.claims()
                        .amend(claims.subList(from, Math.min(claims.size(), from + batch)).stream()
                                .map(claim -> new FencedDecision(claim.execution(), StoreMeasure::complete))
                                .toList());
            }
        });
        report(name, "list", count, () -> store.jobs().list());
    }

    private static JobDefinition definition(int number) {
        return JobDefinition.builder()
                .set(JobField.NAME, "job " + number)
                .set(JobField.SCHEDULE, Schedule.interval(Duration.ofMinutes(5), ZoneOffset.UTC))
                .set(JobField.SCRIPT, "beat.sh")
                .set(JobField.NO_AGENT, true)
                .build();
    }

    private static Amendment take(JobView view, String node) {
        Job job = view.job().orElseThrow();
        Instant next = NOW.plusSeconds(300);
        return Amendment.builder()
                .row(Execution.builder("e" + job.id() + "000", job.id(), NOW)
                        .status(ExecutionStatus.RUNNING)
                        .node(node)
                        .fence(1)
                        .jobVersion(1)
                        .claimedAt(NOW)
                        .startedAt(NOW)
                        .source("measure")
                        .build())
                .engine(job.engine().toBuilder()
                        .next(Optional.of(next), Optional.of(next))
                        .lastScheduledAt(Optional.of(NOW))
                        .build())
                .build();
    }

    private static Amendment complete(JobView view, Execution row) {
        EngineState engine = view.job().orElseThrow().engine();
        return Amendment.builder()
                .row(row.toBuilder()
                        .status(ExecutionStatus.OK)
                        .finishedAt(NOW)
                        .output("a/b.md")
                        .build())
                .engine(engine.toBuilder().runCount(engine.runCount() + 1).build())
                .build();
    }

    private static void report(String name, String what, int count, Runnable body) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = System.nanoTime();
        long busy = threads.getCurrentThreadCpuTime();
        body.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        double busySeconds = (threads.getCurrentThreadCpuTime() - busy) / 1e9;
        System.out.printf(
                "%-16s %-9s %,10.0f/s   %6.1f us of processor each%n",
                name, what, count / seconds, busySeconds * 1e6 / count);
    }
}
