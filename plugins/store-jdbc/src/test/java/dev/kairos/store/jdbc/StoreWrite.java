package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.KeptFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The writes of a store, each as the host makes it and makes it again when the answer was lost. */
enum StoreWrite {
    CREATE(StoreWrite::jobs, store -> store.jobs().create(List.of(StoreProcess.due("e"), StoreProcess.due("a")))),
    EDIT(StoreWrite::jobs, store -> store.claims().decide("a", StoreWrite::edit)),
    REQUEST(StoreWrite::jobs, StoreWrite::request),
    WITHDRAW(
            with(StoreWrite::jobs, StoreWrite::request),
            store -> store.claims()
                    .decide("a", view -> Amendment.builder().deleteRow("r").build())),
    CLAIM(StoreWrite::jobs, StoreWrite::claim),
    START(with(StoreWrite::jobs, StoreWrite::claim), store -> amend(store, StoreWrite::start)),
    COMPLETE(with(StoreWrite::jobs, StoreWrite::claim), StoreWrite::complete),
    CLAIM_ENVELOPES(StoreWrite::completed, StoreWrite::claimEnvelopes),
    BEGIN_TO_SEND(with(StoreWrite::completed, StoreWrite::claimEnvelopes), StoreWrite::send),
    END_DELIVERY(with(with(StoreWrite::completed, StoreWrite::claimEnvelopes), StoreWrite::send), StoreWrite::deliver),
    REMOVE(
            StoreWrite::completed,
            store -> store.claims()
                    .decide(
                            "a",
                            view -> view.job().isEmpty()
                                    ? Amendment.none()
                                    : Amendment.builder().removeJob().build())),
    PRUNE(StoreWrite::aged, store -> prune(store)),
    KEEP_FACT(StoreWrite::jobs, store -> store.ledger().keepFact("f", Optional.empty(), Optional.of("v"))),
    DROP_FACT(
            with(StoreWrite::jobs, store -> store.ledger().keepFact("f", Optional.empty(), Optional.of("v"))),
            store -> store.ledger().keepFact("f", Optional.of("v"), Optional.empty())),
    PURGE_OUTPUTS(StoreWrite::completed, store -> store.ledger().purgeOutputs("a")),
    JOIN(StoreWrite::jobs, store -> store.nodes().join(node("8"))),
    RENEW(StoreWrite::jobs, store -> store.nodes().renew("7-n")),
    EXPEL(StoreWrite::jobs, store -> store.nodes().expel("7-n", 0)),
    LEAVE(StoreWrite::jobs, store -> store.nodes().leave("7-n"));

    private static final Instant NOW = StoreProcess.NOW;
    private static final Set<String> PLATFORMS = Set.of("console", "ntfy");

    private final Consumer<JobStore> before;
    private final Consumer<JobStore> write;

    StoreWrite(Consumer<JobStore> before, Consumer<JobStore> write) {
        this.before = before;
        this.write = write;
    }

    /** Puts into an empty store what the write needs. */
    void arrange(JobStore store) {
        before.accept(store);
    }

    void make(JobStore store) {
        write.accept(store);
    }

    /** What is not the same where the write was made twice. */
    Set<String> growing() {
        return this == RENEW ? Set.of("beat") : Set.of();
    }

    boolean writesOn(String url) {
        return this != PURGE_OUTPUTS || url.startsWith("jdbc:postgresql");
    }

    private static Consumer<JobStore> with(Consumer<JobStore> first, Consumer<JobStore> second) {
        return first.andThen(second);
    }

    private static NodeIdentity node(String pid) {
        return NodeIdentity.builder("boot", Long.parseLong(pid), "n")
                .pidNamespace("ns")
                .startTicks(1)
                .build();
    }

    private static void jobs(JobStore store) {
        store.nodes().join(node("7"));
        store.jobs().create(Stream.of("a", "b", "c").map(StoreProcess::due).toList());
    }

    private static Amendment edit(JobView view) {
        if (view.job().orElseThrow().version() > 1) {
            return Amendment.none(); // the host compares the version that it read
        }
        return Amendment.builder()
                .definition(view.job().orElseThrow().definition().toBuilder()
                        .set(JobField.SCRIPT, "edited")
                        .build())
                .engine(view.job().orElseThrow().engine())
                .build();
    }

    private static void request(JobStore store) {
        Execution row = Execution.builder("r", "a", NOW)
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .build();
        store.claims().decide("a", view -> Amendment.builder().row(row).build());
    }

    private static void claim(JobStore store) {
        ClaimRequest request = new ClaimRequest("7-n", NOW, NOW, 10, new Abilities(Set.of("script")), Optional.empty());
        store.claims()
                .claimDue(
                        request,
                        view -> Amendment.builder()
                                .row(Execution.builder("x" + view.jobId(), view.jobId(), NOW)
                                        .status(ExecutionStatus.CLAIMED)
                                        .node("7-n")
                                        .fence(1)
                                        .build())
                                .engine(view.job().orElseThrow().engine().toBuilder()
                                        .next(Optional.empty(), Optional.empty())
                                        .lastScheduledAt(Optional.of(NOW))
                                        .build())
                                .build());
    }

    private static void amend(JobStore store, dev.kairos.api.store.RowDecider decider) {
        store.claims()
                .amend(Stream.of("a", "b", "c")
                        .map(id -> new FencedDecision(
                                Execution.builder("x" + id, id, NOW)
                                        .status(ExecutionStatus.CLAIMED)
                                        .node("7-n")
                                        .fence(1)
                                        .build(),
                                decider))
                        .toList());
    }

    private static Amendment start(JobView view, Execution row) {
        return Amendment.builder()
                .row(row.toBuilder()
                        .status(ExecutionStatus.RUNNING)
                        .startedAt(NOW)
                        .build())
                .engine(view.job().orElseThrow().engine())
                .build();
    }

    private static void complete(JobStore store) {
        amend(
                store,
                (view, row) -> Amendment.builder()
                        .row(row.toBuilder()
                                .status(ExecutionStatus.OK)
                                .finishedAt(NOW)
                                .build())
                        .engine(view.job().orElseThrow().engine().toBuilder()
                                .runCount(1)
                                .build())
                        .output(row.id(), "it said so")
                        .file(KeptFile.of(row.id(), "/w/a.csv", new byte[] {0, 1}))
                        .envelope(Envelope.pending(row.id(), row.jobId(), "console", Envelope.Content.RESULT, NOW))
                        .envelope(Envelope.pending(row.id(), row.jobId(), "ntfy:x", Envelope.Content.RESULT, NOW))
                        .build());
    }

    private static void completed(JobStore store) {
        jobs(store);
        claim(store);
        complete(store);
    }

    private static void claimEnvelopes(JobStore store) {
        store.outbox().claimDue(new EnvelopeClaimRequest("7-n", NOW, 10, PLATFORMS));
    }

    private static Optional<Envelope> toConsole(JobStore store, EnvelopeState state) {
        return store.outbox().list(Optional.of("a"), Set.of(state), 10).stream()
                .filter(envelope -> envelope.platform().equals("console"))
                .findFirst();
    }

    private static void send(JobStore store) {
        toConsole(store, EnvelopeState.CLAIMED)
                .ifPresent(claimed -> store.outbox().put(claimed.sending(), (view, siblings) -> Amendment.none()));
    }

    private static void deliver(JobStore store) {
        toConsole(store, EnvelopeState.SENDING)
                .ifPresent(sending -> store.outbox()
                        .put(
                                sending.withReceipt("1/1").ended(EnvelopeState.DELIVERED, Optional.empty()),
                                (view, siblings) -> Amendment.builder()
                                        .engine(view.job().orElseThrow().engine().toBuilder()
                                                .failureStreak(siblings.size())
                                                .build())
                                        .build()));
    }

    /** More than are kept, one with an envelope that is still to be sent. */
    private static void aged(JobStore store) {
        jobs(store);
        store.claims().decide("a", view -> {
            Amendment.Builder rows = Amendment.builder();
            for (int i = 0; i < 30; i++) {
                Instant at = NOW.minusSeconds(1_000 - i);
                rows.row(Execution.builder("old" + i, "a", at)
                        .status(ExecutionStatus.OK)
                        .finishedAt(at)
                        .build());
                rows.output("old" + i, "it said so");
                rows.file(KeptFile.of("old" + i, "/w/a.csv", new byte[] {0, 1}));
            }
            return rows.envelope(Envelope.pending("old1", "a", "console", Envelope.Content.RESULT, NOW))
                    .build();
        });
    }

    private static void prune(JobStore store) {
        int dropped;
        do {
            dropped = store.ledger().prune(NOW.minusSeconds(980), 25);
        } while (dropped > 0);
        store.ledger().list(ExecutionQuery.newest(100));
    }
}
