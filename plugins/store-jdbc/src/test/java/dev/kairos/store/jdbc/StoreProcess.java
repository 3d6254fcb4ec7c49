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
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A process of its own that works on a store and prints what it knows to be committed. */
final class StoreProcess {
    static final Instant NOW = Instant.parse("2027-01-15T09:00:00Z");

    private StoreProcess() {}

    /** Starts this class in a JVM of its own: {@code claim} or {@code write}, the store's URL, a name. */
    static Process start(String what, String url, String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProcess.class.getName(),
                        what,
                        url,
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        try (JobStore store = Stores.at(arguments[1])) {
            NodeIdentity node = NodeIdentity.builder(
                            "boot", ProcessHandle.current().pid(), arguments[2])
                    .pidNamespace("ns")
                    .startTicks(1)
                    .build();
            store.nodes().join(node);
            System.out.println("ready");
            System.out.flush();
            if (arguments[0].equals("claim")) {
                System.in.read();
                claimAll(store, node.id(), System.out);
            } else {
                writeForEver(store, arguments[2], node.id(), System.out);
            }
        }
    }

    private static void claimAll(JobStore store, String node, PrintStream out) {
        List<Claim> claims;
        do {
            claims = store.claims().claimDue(request(node), view -> claim(view, node));
            claims.forEach(claim -> out.println(claim.job().id()));
        } while (!claims.isEmpty());
        out.println("end");
    }

    /** Creates, claims and completes jobs in turn; each line names a commit that was acknowledged. */
    private static void writeForEver(JobStore store, String name, String node, PrintStream out) {
        for (int round = 0; ; round++) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                jobs.add(due(name + "-" + round + "-" + i));
            }
            store.jobs().create(jobs);
            jobs.forEach(job -> out.println("created " + job.id()));
            List<Claim> claims = store.claims().claimDue(request(node), view -> claim(view, node));
            claims.forEach(claim -> out.println("claimed " + claim.execution().id()));
            List<Boolean> held = store.claims()
                    .amend(claims.stream()
                            .map(claim -> new FencedDecision(claim.execution(), StoreProcess::complete))
                            .toList());
            for (int i = 0; i < claims.size(); i++) {
                out.println((held.get(i) ? "completed " : "lost ")
                        + claims.get(i).execution().id());
            }
            out.flush();
        }
    }

    static Job due(String id) {
        return due(id, everyMinute().set(JobField.SCRIPT, "beat.sh").set(JobField.NO_AGENT, true));
    }

    /** The same for a handler. */
    static Job due(String id, String handler) {
        return due(id, everyMinute().set(JobField.HANDLER, handler));
    }

    private static JobDefinition.Builder everyMinute() {
        return JobDefinition.builder().set(JobField.SCHEDULE, Schedule.interval(Duration.ofMinutes(1), ZoneOffset.UTC));
    }

    private static Job due(String id, JobDefinition.Builder definition) {
        return new Job(
                id,
                definition.build(),
                1,
                EngineState.fresh().toBuilder()
                        .next(Optional.of(NOW), Optional.of(NOW))
                        .build());
    }

    static ClaimRequest request(String node) {
        return new ClaimRequest(node, NOW, NOW, 17, new Abilities(Set.of("script")), Optional.empty());
    }

    static Amendment claim(JobView view, String node) {
        Job job = view.job().orElseThrow();
        return Amendment.builder()
                .row(Execution.builder("x-" + job.id(), job.id(), NOW)
                        .status(ExecutionStatus.RUNNING)
                        .node(node)
                        .fence(1)
                        .build())
                .engine(job.engine().toBuilder()
                        .next(Optional.empty(), Optional.empty())
                        .build())
                .build();
    }

    static Amendment complete(JobView view, Execution row) {
        EngineState engine = view.job().orElseThrow().engine();
        return Amendment.builder()
                .row(row.toBuilder().status(ExecutionStatus.OK).finishedAt(NOW).build())
                .engine(engine.toBuilder().runCount(engine.runCount() + 1).build())
                .build();
    }
}
