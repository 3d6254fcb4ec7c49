package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.ledger.Usage;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.KeptFile;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the ledger face of every store must do. Status: experimental since 0.1. */
public abstract class LedgerContract extends JobStoreContract {
    private static final int MANY = 10_000;

    private List<Execution> all() {
        return store().ledger().list(ExecutionQuery.newest(MANY));
    }

    private void fill(String jobId, int count) {
        store().jobs().create(List.of(idle(jobId)));
        store().claims().decide(jobId, view -> {
            Amendment.Builder amendment = Amendment.builder();
            for (int i = 0; i < count; i++) {
                amendment.row(ended(jobId, minute(i)));
            }
            return amendment.build();
        });
    }

    private int pruneAll(Instant keepFrom, int mostPerJob) {
        int dropped = 0;
        int last;
        do {
            last = store().ledger().prune(keepFrom, mostPerJob);
            dropped += last;
        } while (last > 0);
        return dropped;
    }

    @Test
    void whatWasWrittenComesBackWhole() {
        store().jobs().create(List.of(idle("a")));
        Execution full = row("a", T0)
                .trigger(Trigger.REQUEST)
                .attempt(3)
                .failures(2)
                .status(ExecutionStatus.TIMED_OUT)
                .dueAt(T0.plusMillis(7))
                .node("7-n")
                .fence(1L << 40)
                .jobVersion(5)
                .claimedAt(minute(1))
                .startedAt(minute(2))
                .finishedAt(minute(3))
                .reason("late: 7 s")
                .missed(new Missed(minute(-3), minute(-1), 3))
                .error("exit 1\n\u017c\u00f3\u0142\u0107 \ud83d\ude00")
                .failureKind("transient")
                .output("a/out.md")
                .source("cli")
                .usage(Usage.of("a model").withTurn(1_200, 34).withToolCall().withCost(new BigDecimal("0.0123")))
                .build();
        Execution bare = row("a", minute(1)).held().build();
        add(store(), "a", full, bare);

        assertThat(beside().ledger().find(full.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(full);
        assertThat(beside().ledger().find(bare.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(bare);
        assertThat(store().ledger().find("nothing")).isEmpty();
    }

    @Test
    void theEndOfAnAttemptAndTheOneThatFollowsKeepTheirCountOfFailures() {
        store().jobs().create(List.of(idle("a")));
        Execution running = row("a", T0)
                .status(ExecutionStatus.RUNNING)
                .node("7-n")
                .fence(1)
                .build();
        add(store(), "a", running);
        Execution failed = running.toBuilder()
                .status(ExecutionStatus.ERROR)
                .failures(1)
                .finishedAt(minute(1))
                .build();
        Execution further = row("a", T0)
                .attempt(2)
                .failures(1)
                .status(ExecutionStatus.RETRY)
                .build();

        assertThat(store().claims()
                        .amend(List.of(new FencedDecision(
                                running,
                                (view, row) -> Amendment.builder()
                                        .row(failed)
                                        .row(further)
                                        .build()))))
                .containsExactly(true);

        assertThat(beside().ledger().find(failed.id()).orElseThrow().failures()).isEqualTo(1);
        assertThat(beside().claims().decide("a", view -> Amendment.none()).openRows())
                .singleElement()
                .usingRecursiveComparison()
                .isEqualTo(further);
    }

    @Test
    void everyStatusComesBack() {
        store().jobs().create(List.of(idle("a")));
        for (ExecutionStatus status : ExecutionStatus.values()) {
            Execution.Builder row = row("a", minute(status.ordinal())).status(status);
            if (status.isOwned()) {
                row.node("7-n");
            }
            add(store(), "a", row.build());
        }

        assertThat(all()).extracting(Execution::status).containsExactlyInAnyOrder(ExecutionStatus.values());
    }

    @Test
    void theNewestComeFirstThenTheLaterAttemptThenTheId() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        Execution first = ended("a", T0);
        Execution again = ended("a", T0).toBuilder().attempt(2).build();
        Execution other = ended("b", T0);
        Execution newest = ended("b", minute(1));
        add(store(), "a", first, again);
        add(store(), "b", newest, other);

        assertThat(all()).extracting(Execution::id).containsExactly(newest.id(), again.id(), other.id(), first.id());
    }

    @Test
    void aQueryNarrowsByJobNodeStatusAndLimit() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        Execution mine = claimed("a", minute(3), "7-n");
        Execution others = claimed("b", minute(4), "7-m");
        Execution done = finished(claimed("a", minute(2), "7-n"), ExecutionStatus.OK);
        Execution waiting = row("a", minute(1)).build();
        add(store(), "a", mine, done, waiting);
        add(store(), "b", others);

        assertThat(ids(ExecutionQuery.ofJob("a", 9))).containsExactly(mine.id(), done.id(), waiting.id());
        assertThat(ids(ExecutionQuery.ofJob("a", 2))).containsExactly(mine.id(), done.id());
        assertThat(ids(ExecutionQuery.ownedBy("7-n"))).containsExactly(mine.id());
        assertThat(ids(ExecutionQuery.newest(9).in(Set.of(ExecutionStatus.OK, ExecutionStatus.QUEUED))))
                .containsExactly(done.id(), waiting.id());
        assertThat(ids(new ExecutionQuery(Optional.of("b"), Optional.of("7-n"), Set.of(), Optional.empty(), 9)))
                .isEmpty();
        assertThat(ids(ExecutionQuery.newest(1))).containsExactly(others.id());
    }

    private List<String> ids(ExecutionQuery query) {
        return store().ledger().list(query).stream().map(Execution::id).toList();
    }

    @Test
    void oldRowsAreDroppedButNeverTheNewestTwentyOfAJob() {
        fill("a", 50);
        fill("few", 20);

        assertThat(pruneAll(minute(10), MANY)).isEqualTo(10);
        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).hasSize(40);
        assertThat(pruneAll(minute(10_000), MANY)).isEqualTo(20);

        List<Execution> kept = store().ledger().list(ExecutionQuery.ofJob("a", MANY));
        assertThat(kept).hasSize(20);
        assertThat(kept.get(19).scheduledAt()).isEqualTo(minute(30));
        assertThat(ids(ExecutionQuery.ofJob("few", MANY))).hasSize(20);
    }

    @Test
    void rowsBeyondTheMostOfAJobAreDroppedHoweverYoung() {
        fill("a", 60);
        fill("b", 30);

        assertThat(pruneAll(minute(-1), 100)).isZero();
        assertThat(pruneAll(minute(-1), 40)).isEqualTo(20);
        assertThat(pruneAll(minute(-1), 5)).isEqualTo(30);

        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).hasSize(20);
        assertThat(store().ledger().list(ExecutionQuery.ofJob("a", MANY)).get(0).scheduledAt())
                .isEqualTo(minute(59));
        assertThat(ids(ExecutionQuery.ofJob("b", MANY))).hasSize(20);
    }

    @Test
    void openRowsAndRowsWithAnOpenEnvelopeAreKept() {
        fill("a", 25);
        Execution open = row("a", minute(-2)).build();
        Execution sending = ended("a", minute(-3));
        Execution sent = ended("a", minute(-4));
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .row(open)
                                .row(sending)
                                .row(sent)
                                .envelope(Envelope.pending(sending.id(), "a", "console", Envelope.Content.RESULT, T0))
                                .envelope(Envelope.pending(sent.id(), "a", "console", Envelope.Content.RESULT, T0)
                                        .ended(EnvelopeState.DELIVERED, Optional.empty()))
                                .build());

        assertThat(pruneAll(minute(10_000), MANY)).isEqualTo(6);

        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).hasSize(22).contains(open.id(), sending.id());
        assertThat(store().outbox().list(Optional.of("a"), Set.of(), 9))
                .extracting(Envelope::executionId)
                .containsExactly(sending.id());
    }

    @Test
    void aRowIsDroppedOnceItsEnvelopeEnded() {
        fill("a", 20);
        Execution sending = ended("a", minute(-3));
        Envelope envelope = Envelope.pending(sending.id(), "a", "console", Envelope.Content.RESULT, T0);
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .row(sending)
                                .envelope(envelope)
                                .build());
        assertThat(pruneAll(minute(10_000), MANY)).isZero();

        Envelope mine =
                store().outbox().claimDue(envelopes(join(store(), "n"), T0, 1)).get(0);
        store().outbox()
                .put(mine.ended(EnvelopeState.DELIVERED, Optional.empty()), (view, envelopes) -> Amendment.none());

        assertThat(pruneAll(minute(10_000), MANY)).isEqualTo(1);
        assertThat(store().ledger().find(sending.id())).isEmpty();
    }

    @Test
    void aReleasedRowGivesItsPlaceAmongTheNewestBack() {
        fill("a", 20);
        Execution released = claimed("a", minute(100), "7-n");
        add(store(), "a", released);
        assertThat(pruneAll(minute(-1), MANY)).isZero();
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder().deleteRow(released.id()).build());

        assertThat(pruneAll(minute(10_000), MANY)).isZero();

        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).hasSize(20);
    }

    @Test
    void aRowWithoutAFinishCountsByItsInstant() {
        fill("a", 20);
        Execution skipped = row("a", minute(-5))
                .status(ExecutionStatus.SKIPPED)
                .reason("overlap")
                .build();
        add(store(), "a", skipped);

        assertThat(pruneAll(minute(-5), MANY)).isZero();
        assertThat(pruneAll(minute(-4), MANY)).isEqualTo(1);
    }

    @Test
    void theRowsOfARemovedJobGoByAgeAlone() {
        fill("a", 10);
        Execution running = claimed("a", minute(20), "7-n");
        add(store(), "a", running);
        remove(store(), "a");

        assertThat(pruneAll(minute(4), MANY)).isEqualTo(4);
        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).hasSize(7);
        assertThat(pruneAll(minute(10_000), MANY)).isEqualTo(6);
        assertThat(ids(ExecutionQuery.ofJob("a", MANY))).containsExactly(running.id());
    }

    @Test
    void pruningGoesOnUntilNothingIsLeft() {
        fill("a", 5_020);

        assertThat(pruneAll(minute(100_000), MANY)).isEqualTo(5_000);

        assertThat(all()).hasSize(20);
    }

    @Test
    void aFactIsWrittenOnlyWhereItStillIsWhatWasSeen() {
        assertThat(store().ledger().keepFact("gate:a", Optional.empty(), Optional.of("one")))
                .isTrue();
        assertThat(store().ledger().keepFact("gate:a", Optional.empty(), Optional.of("two")))
                .isFalse();
        assertThat(beside().ledger().keepFact("gate:a", Optional.of("one"), Optional.of("zażółć")))
                .isTrue();
        assertThat(store().ledger().keepFact("gate:b", Optional.empty(), Optional.of("b")))
                .isTrue();
        assertThat(store().ledger().keepFact("other", Optional.empty(), Optional.of("o")))
                .isTrue();

        assertThat(store().ledger().facts("gate:"))
                .containsExactly(Map.entry("gate:a", "zażółć"), Map.entry("gate:b", "b"));
        assertThat(store().ledger().keepFact("gate:b", Optional.of("b"), Optional.empty()))
                .isTrue();
        assertThat(store().ledger().keepFact("gate:b", Optional.of("b"), Optional.empty()))
                .isFalse();
        assertThat(beside().ledger().facts("gate:b")).isEmpty();
        assertThat(store().ledger().facts("")).hasSize(2);
    }

    @Test
    void pagesFollowEachOtherWithoutAGap() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        for (int i = 0; i < 7; i++) {
            for (String job : List.of("a", "b")) {
                Execution row = Execution.builder("x" + job + i, job, T0.plusSeconds(i / 2))
                        .attempt(1 + i % 2)
                        .status(ExecutionStatus.OK)
                        .build();
                store().claims()
                        .decide(job, view -> Amendment.builder().row(row).build());
            }
        }
        List<String> all = ids(ExecutionQuery.newest(100));
        List<String> paged = new ArrayList<>();
        List<Execution> page = store().ledger().list(ExecutionQuery.newest(3));
        while (!page.isEmpty()) {
            page.forEach(row -> paged.add(row.id()));
            page = store().ledger().list(ExecutionQuery.newest(3).after(page.get(page.size() - 1)));
        }
        assertThat(all).hasSize(14);
        assertThat(paged).isEqualTo(all);
    }

    /** Whether outputs and files that it is handed are kept: by a store of one machine too, if it takes them from a copy. */
    protected boolean keepsWhatItIsHanded() {
        return store().keepsOutputs();
    }

    @Test
    void anOutputIsKeptWithItsExecutionOrNotAtAll() {
        store().jobs().create(List.of(idle("a")));
        Execution row = Execution.builder("x", "a", T0)
                .status(ExecutionStatus.OK)
                .finishedAt(T0)
                .build();
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .row(row)
                                .output("x", "said: \u0000 żółć")
                                .build());
        assertThat(store().ledger().output("x"))
                .isEqualTo(keepsWhatItIsHanded() ? Optional.of("said: \u0000 żółć") : Optional.empty());
        assertThat(store().ledger().output("y")).isEmpty();

        store().ledger().purgeOutputs("a");
        assertThat(store().ledger().output("x")).isEmpty();
        assertThat(store().ledger().find("x")).isPresent();
    }

    @Test
    void filesAreKeptWithTheirOutputUntilEverybodyHasThem() {
        fill("a", 25);
        byte[] bytes = {0, 1, (byte) 0xff, '\n'};
        Execution sent = ended("a", minute(30));
        Execution lost = ended("a", minute(31));
        Envelope lostEnvelope = Envelope.pending(lost.id(), "a", "console", Envelope.Content.RESULT, T0);
        store().claims().decide("a", view -> {
            Amendment.Builder amendment = Amendment.builder();
            for (Execution row : List.of(sent, lost)) {
                amendment.row(row).output(row.id(), "said").file(KeptFile.of(row.id(), "/w/ż 1.bin", bytes));
            }
            return amendment
                    .file(KeptFile.of(sent.id(), "/w/2.bin", new byte[0]))
                    .envelope(Envelope.pending(sent.id(), "a", "console", Envelope.Content.RESULT, T0)
                            .ended(EnvelopeState.DELIVERED, Optional.empty()))
                    .envelope(lostEnvelope.ended(EnvelopeState.FAILED, Optional.of("gone")))
                    .build();
        });
        boolean isKept = keepsWhatItIsHanded();
        Optional<byte[]> kept = isKept ? Optional.of(bytes) : Optional.empty();
        assertThat(beside().ledger().file(sent.id(), "/w/ż 1.bin"))
                .usingRecursiveComparison()
                .isEqualTo(kept);
        assertThat(store().ledger().file(sent.id(), "/w/2.bin").isPresent()).isEqualTo(isKept);
        assertThat(store().ledger().file(sent.id(), "/w/3.bin")).isEmpty();

        pruneAll(minute(-1), MANY);
        assertThat(store().ledger().file(sent.id(), "/w/ż 1.bin"))
                .as("delivered")
                .isEmpty();
        assertThat(store().ledger().file(lost.id(), "/w/ż 1.bin"))
                .as("may be asked for again")
                .usingRecursiveComparison()
                .isEqualTo(kept);

        store().ledger().purgeOutputs("a");
        assertThat(store().ledger().file(lost.id(), "/w/ż 1.bin")).isEmpty();
    }
}
