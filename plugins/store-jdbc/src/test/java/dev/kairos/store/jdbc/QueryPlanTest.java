package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cost of daily work follows what is due or what moved, so no statement of it may walk through a whole table. */
class QueryPlanTest {
    private static final Instant NOW = StoreProcess.NOW;
    private static final Abilities SCRIPTS = new Abilities(Set.of("script"));

    /** The work of a large application, and of nodes with tags. */
    static final Abilities MANY = new Abilities(
                    IntStream.range(0, 400).mapToObj(i -> "handler:h" + i).collect(Collectors.toSet()))
            .with(List.of("gpu"));

    /** The one row of the store, what is asked for, what was found. */
    private static final Set<String> FEW = Set.of("SCAN s", "SCAN a", "SCAN c");

    private static final Set<String> PLATFORMS = Set.of("console", "ntfy");

    @TempDir
    Path folder;

    @Test
    void noStatementOfDailyWorkWalksThroughAWholeTable() {
        try (JdbcStore store = (JdbcStore) Stores.fresh(folder)) {
            work(store);

            List<String> walks = new ArrayList<>();
            walks.addAll(store.database().read(QueryPlanTest::walks));
            walks.addAll(store.database().write(transaction -> walks(transaction.session())));
            assertThat(walks).isEmpty();
        }
    }

    private static List<String> walks(Session session) throws SQLException {
        List<String> statements = session.statements();
        assertThat(statements).hasSizeGreaterThan(5);
        List<String> walks = new ArrayList<>();
        for (String statement : statements) {
            List<String> steps = session.sql("EXPLAIN QUERY PLAN " + statement).list(QueryPlanTest::step);
            for (String step : steps) {
                boolean wholeTable = step.startsWith("SCAN ")
                        && !step.contains("USING")
                        && !FEW.contains(step)
                        && !steps.contains(step.replaceFirst("SCAN", "CO-ROUTINE")) // a page
                        && !step.startsWith("SCAN CONSTANT")
                        && !step.endsWith("-ROW VALUES CLAUSE");
                if (wholeTable) {
                    walks.add(step + " in: " + statement);
                }
            }
        }
        return walks;
    }

    private static String step(Cells cells) throws SQLException {
        cells.number();
        cells.number();
        cells.number();
        return cells.text();
    }

    /** What a day of a daemon asks of its store. */
    static void work(JobStore store) {
        store.nodes()
                .join(NodeIdentity.builder("boot", 7, "n")
                        .pidNamespace("ns")
                        .startTicks(1)
                        .build());
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            jobs.add(StoreProcess.due("job-" + i));
        }
        store.jobs().create(jobs);
        List<Claim> claims = store.claims()
                .claimDue(
                        new ClaimRequest("7-n", NOW, NOW, 40, SCRIPTS, Optional.empty()),
                        view -> Amendment.builder()
                                .row(Execution.builder("x" + view.jobId(), view.jobId(), NOW)
                                        .status(ExecutionStatus.RUNNING)
                                        .node("7-n")
                                        .build())
                                .engine(view.job().orElseThrow().engine().toBuilder()
                                        .next(Optional.empty(), Optional.empty())
                                        .build())
                                .build());
        Abilities all = new Abilities(
                Stream.concat(MANY.names().stream(), Stream.of("script")).collect(Collectors.toSet()));
        store.claims().claimDue(new ClaimRequest("7-n", NOW, NOW, 5, all, Optional.empty()), view -> Amendment.none());
        store.claims().nextDueAt(all);
        store.claims()
                .amend(claims.stream()
                        .map(claim -> new FencedDecision(
                                claim.execution(),
                                (view, row) -> Amendment.builder()
                                        .row(row.toBuilder()
                                                .status(ExecutionStatus.OK)
                                                .finishedAt(NOW)
                                                .build())
                                        .engine(view.job().orElseThrow().engine())
                                        .envelope(Envelope.pending(
                                                row.id(), row.jobId(), "console", Envelope.Content.RESULT, NOW))
                                        .build()))
                        .toList());
        Execution request = Execution.builder("r", "job-1", NOW)
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .build();
        store.claims()
                .decide(
                        "job-1",
                        view -> Amendment.builder()
                                .definition(view.job().orElseThrow().definition())
                                .row(request)
                                .build());
        store.claims()
                .decide("job-1", view -> Amendment.builder().deleteRow("r").build());
        store.claims().decide("job-2", view -> Amendment.builder().removeJob().build());
        store.claims().nextDueAt(SCRIPTS);
        store.claims()
                .claimDue(
                        new ClaimRequest("7-n", NOW, NOW, 1, SCRIPTS, Optional.of("job-45")), view -> Amendment.none());
        for (Envelope envelope : store.outbox().claimDue(new EnvelopeClaimRequest("7-n", NOW, 10, PLATFORMS))) {
            store.outbox().put(envelope.sending(), (view, envelopes) -> Amendment.none());
        }
        store.claims().nextWaitingAt(SCRIPTS);
        store.outbox().nextDueAt(PLATFORMS);
        store.outbox().list(Optional.of("job-1"), Set.of(), 5);
        store.outbox().list(Optional.empty(), Set.of(EnvelopeState.CLAIMED, EnvelopeState.SENDING), 5);
        store.ledger().list(ExecutionQuery.newest(5).in(Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING)));
        store.ledger().facts("gate:");
        store.jobs().find("job-1");
        readTwoPages(store);
        store.jobs().changesSince(1);
        store.jobs().changesSince(store.jobs().changesSince(Long.MAX_VALUE).cursor());
        store.ledger().find("xjob-1");
        store.ledger().list(ExecutionQuery.newest(20));
        store.ledger().list(ExecutionQuery.ofJob("job-1", 20));
        store.ledger().list(ExecutionQuery.ownedBy("7-n"));
        store.ledger().prune(NOW.plusSeconds(1), 10);
        store.ledger().keepFact("f", Optional.empty(), Optional.of("v"));
        store.nodes().leases();
        store.nodes().renew("7-n");
        store.nodes().expel("7-n", 9);
        store.nodes().leave("7-n");
    }

    private static void readTwoPages(JobStore store) {
        AtomicInteger read = new AtomicInteger();
        try {
            store.jobs().each(job -> {
                if (read.incrementAndGet() > 600) {
                    throw new IllegalStateException("enough");
                }
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("enough");
        }
    }
}
