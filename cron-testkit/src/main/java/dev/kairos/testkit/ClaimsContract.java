package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.TagBounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the claims face of every store must do. Status: experimental since 0.1. */
public abstract class ClaimsContract extends JobStoreContract {
    private List<String> offered(ClaimRequest request) {
        List<String> ids = new ArrayList<>();
        store().claims().claimDue(request, view -> {
            ids.add(view.jobId());
            return Amendment.none();
        });
        return ids;
    }

    private List<Execution> rowsOf(String jobId) {
        return store().ledger().list(ExecutionQuery.ofJob(jobId, 1_000));
    }

    @Test
    void aClaimWritesRowAndAdvanceTogetherAndAnswersBoth() {
        store().jobs().create(List.of(due("a", T0)));
        String node = join(store(), "n");

        List<Claim> claims = store().claims().claimDue(ask(node, T0, 10), take(node));

        assertThat(claims).hasSize(1);
        assertThat(claims.get(0).job()).isEqualTo(store().jobs().find("a").orElseThrow());
        assertThat(claims.get(0).job().engine().nextRunAt()).contains(minute(1));
        assertThat(rowsOf("a"))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(claims.get(0).execution());
        assertThat(store().claims().claimDue(ask(node, T0, 10), take(node))).isEmpty();
    }

    @Test
    void nothingIsOfferedBeforeItsInstantAndTheHorizonReachesAhead() {
        store().jobs().create(List.of(due("a", T0), due("b", T0.plusMillis(1)), idle("never")));
        String node = join(store(), "n");

        assertThat(offered(ask(node, T0.minusMillis(1), 10))).isEmpty();
        assertThat(offered(ask(node, T0, 10))).containsExactly("a");
        assertThat(offered(new ClaimRequest(node, T0.minusMillis(2), T0.plusMillis(1), 10, SCRIPTS, Optional.empty())))
                .containsExactly("a", "b");
    }

    @Test
    void theHorizonMayBeTheEndOfTime() {
        store().jobs().create(List.of(due("a", T0), due("b", Instant.parse("9999-12-31T23:59:59.999Z"))));
        String node = join(store(), "n");

        assertThat(offered(new ClaimRequest(node, T0, Instant.MAX, 9, SCRIPTS, Optional.empty())))
                .containsExactly("a", "b");
        assertThat(offered(new ClaimRequest(node, Instant.MIN, Instant.MIN, 9, SCRIPTS, Optional.empty())))
                .isEmpty();
    }

    @Test
    void theEarliestDueComeFirstAndNoMoreThanTheLimit() {
        store().jobs().create(List.of(due("late", minute(2)), due("b", T0), due("a", T0), due("early", minute(-1))));
        add(store(), "late", requested("late", minute(-2)));
        String node = join(store(), "n");

        assertThat(offered(ask(node, minute(5), 10))).containsExactly("late", "early", "a", "b");
        assertThat(offered(ask(node, minute(5), 2))).containsExactly("late", "early");
        assertThat(offered(ask(node, T0, 3))).containsExactly("late", "early", "a");
    }

    @Test
    void aWaitingRowIsOfferedWhenItIsDueAndAHeldOneNever() {
        store().jobs().create(List.of(idle("a"), idle("b"), idle("c"), idle("d")));
        add(store(), "a", requested("a", T0));
        add(store(), "b", row("b", T0).status(ExecutionStatus.QUEUED).held().build());
        add(
                store(),
                "c",
                row("c", minute(-5))
                        .attempt(2)
                        .status(ExecutionStatus.RETRY)
                        .dueAt(minute(1))
                        .build());
        String node = join(store(), "n");

        assertThat(offered(ask(node, T0, 10))).containsExactly("a");
        assertThat(offered(ask(node, minute(1), 10))).containsExactly("a", "c");
        assertThat(offered(new ClaimRequest(node, T0, minute(9), 10, SCRIPTS, Optional.empty())))
                .containsExactly("a");
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(T0);

        List<Claim> claims = store().claims().claimDue(ask(node, minute(1), 10), take(node));
        assertThat(claims).extracting(claim -> claim.execution().jobId()).containsExactly("a", "c");
        assertThat(claims).extracting(claim -> claim.execution().fence()).containsOnly(1L);
        assertThat(offered(ask(node, minute(9), 10))).isEmpty();
    }

    @Test
    void onlyWorkTheNodeCanRunIsOffered() {
        store().jobs()
                .create(List.of(
                        due("script", T0),
                        new Job("handler", handler("beat"), 1, dueAt(minute(-1))),
                        new Job("other", handler("else"), 1, dueAt(minute(-2)))));
        add(store(), "other", requested("other", minute(-3)));
        String node = join(store(), "n");
        Abilities both = new Abilities(Set.of("script", "handler:beat", "handler:none"));

        assertThat(offered(ask(node, T0, 1))).containsExactly("script");
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, both, Optional.empty())))
                .containsExactly("handler", "script");
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, new Abilities(Set.of()), Optional.empty())))
                .isEmpty();
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(T0);
        assertThat(store().claims().nextDueAt(both)).contains(minute(-1));
        assertThat(store().claims().nextDueAt(new Abilities(Set.of()))).isEmpty();
    }

    @Test
    void aJobThatNeedsSomethingOfItsNodeIsOfferedWhereItIs() {
        store().jobs().create(List.of(due("plain", T0), tagged("picky", T0, "needs-gpu")));
        String node = join(store(), "n");

        assertThat(offered(ask(node, T0, 9))).containsExactly("plain");
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, SCRIPTS.with(List.of("gpu", "other")), Optional.empty())))
                .containsExactlyInAnyOrder("picky", "plain");
        assertThat(store().claims().nextDueAt(SCRIPTS.with(List.of("other")))).contains(T0);
    }

    @Test
    void ofATagNoMoreAreOwnedThanItsBound() {
        store().jobs()
                .create(List.of(
                        tagged("a", T0, "slack"),
                        tagged("b", T0, "slack", "other"),
                        tagged("c", T0, "slack"),
                        due("d", T0)));
        String one = join(store(), "one");
        String two = join(store(), "two");
        TagBounds bounds = new TagBounds(Map.of("slack", 2, "nobody", 1));

        List<Claim> first = store().claims().claimDue(ask(one, T0, 9).within(bounds), take(one));
        assertThat(first).extracting(claim -> claim.job().id()).containsExactly("a", "b", "d");
        assertThat(store().claims().claimDue(ask(two, T0, 9).within(bounds), take(two)))
                .isEmpty();

        store().claims()
                .amend(List.of(new FencedDecision(
                        first.get(0).execution(), (view, row) -> write(finished(row, ExecutionStatus.OK)))));
        assertThat(store().claims().claimDue(ask(two, T0, 9).within(bounds), take(two)))
                .extracting(claim -> claim.job().id())
                .containsExactly("c");
    }

    @Test
    void aFurtherRunOfAJobThatRunsAlreadyCountsForItsTag() {
        store().jobs().create(List.of(tagged("a", T0, "slack"), tagged("b", T0, "slack")));
        String node = join(store(), "n");
        add(store(), "a", claimed("a", minute(-9), node));

        assertThat(store().claims().claimDue(ask(node, T0, 9).within(new TagBounds(Map.of("slack", 2))), take(node)))
                .extracting(claim -> claim.job().id())
                .containsExactly("a");
    }

    @Test
    void whatATagWithholdsHidesNobodyElse() {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            jobs.add(tagged("tagged" + i, minute(-99), "slack"));
        }
        jobs.add(due("late", minute(-1)));
        jobs.add(due("later", T0));
        store().jobs().create(jobs);
        String node = join(store(), "n");
        TagBounds bounds = new TagBounds(Map.of("slack", 1));

        assertThat(store().claims().claimDue(ask(node, T0, 2).within(bounds), take(node)))
                .extracting(claim -> claim.job().id())
                .hasSize(1)
                .allMatch(id -> id.startsWith("tagged"));
        assertThat(store().claims().claimDue(ask(node, T0, 2).within(bounds), take(node)))
                .extracting(claim -> claim.job().id())
                .containsExactly("late", "later");
    }

    @Test
    void aThousandDueJobsThatTheNodeCannotRunHideNoneThatItCan() {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            jobs.add(new Job("foreign" + i, handler("elsewhere"), 1, dueAt(minute(-9))));
        }
        jobs.add(due("own", T0));
        jobs.add(idle("asked"));
        store().jobs().create(jobs);
        for (int i = 0; i < 10; i++) {
            add(store(), "foreign" + i, requested("foreign" + i, minute(-8)));
        }
        add(store(), "asked", requested("asked", minute(-1)));
        String node = join(store(), "n");

        assertThat(offered(ask(node, T0, 1))).containsExactly("asked");
        assertThat(offered(ask(node, T0, 2))).containsExactly("asked", "own");
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(minute(-1));
    }

    @Test
    void anEditChangesWhoCanRunTheJob() {
        store().jobs().create(List.of(due("a", T0)));
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder().definition(handler("beat")).build());
        String node = join(store(), "n");

        assertThat(offered(ask(node, T0, 9))).isEmpty();
        assertThat(store().claims().nextDueAt(new Abilities(Set.of("handler:beat"))))
                .contains(T0);
    }

    @Test
    void aClaimOfOneJobLeavesTheOthersAlone() {
        store().jobs().create(List.of(due("a", T0), due("b", T0), due("c", minute(1))));
        String node = join(store(), "n");

        assertThat(offered(new ClaimRequest(node, T0, T0, 9, SCRIPTS, Optional.of("b"))))
                .containsExactly("b");
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, SCRIPTS, Optional.of("c"))))
                .isEmpty();
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, SCRIPTS, Optional.of("nobody"))))
                .isEmpty();
        assertThat(offered(new ClaimRequest(node, T0, T0, 9, new Abilities(Set.of("agent")), Optional.of("b"))))
                .isEmpty();
    }

    @Test
    void aDeciderThatThrowsRefusesTheWholeClaim() {
        store().jobs().create(List.of(due("a", T0), due("b", T0)));
        String node = join(store(), "n");

        assertThatThrownBy(() -> store().claims().claimDue(ask(node, T0, 9), view -> {
                    if (view.jobId().equals("b")) {
                        throw new IllegalArgumentException("b is bad");
                    }
                    return take(node).decide(view);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("b is bad");

        assertThat(store().jobs().list()).containsExactly(due("a", T0), due("b", T0));
        assertThat(rowsOf("a")).isEmpty();
        assertThat(store().claims().claimDue(ask(node, T0, 9), take(node))).hasSize(2);
    }

    @Test
    void aBrokenKeyWritesNothingOfThatJobAndTheOthersAreClaimed() {
        store().jobs().create(List.of(due("a", T0), due("b", T0)));
        add(store(), "a", ended("a", T0));
        String node = join(store(), "n");

        List<Claim> claims = store().claims().claimDue(ask(node, T0, 9), view -> {
            Amendment claim = take(node).decide(view);
            return Amendment.builder()
                    .row(requested(view.jobId(), T0))
                    .row(claim.rows().get(0))
                    .engine(claim.engine().orElseThrow())
                    .envelope(Envelope.pending("e", view.jobId(), "console", Envelope.Content.RESULT, T0))
                    .build();
        });

        assertThat(claims).extracting(claim -> claim.job().id()).containsExactly("b");
        assertThat(store().jobs().find("a")).contains(due("a", T0));
        assertThat(rowsOf("a")).hasSize(1);
        assertThat(store().outbox().list(Optional.of("a"), Set.of(), 9)).isEmpty();
        assertThat(rowsOf("b")).hasSize(2);
    }

    @Test
    void furtherAttemptsAndRequestsOfTheSameInstantDoNotBreakTheKey() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        add(store(), "a", ended("a", T0), ended("a", T0).toBuilder().attempt(2).build());
        add(store(), "a", requested("a", T0), requested("a", T0));
        add(store(), "b", ended("b", T0));

        assertThat(rowsOf("a")).hasSize(4);
        assertThatThrownBy(() -> add(store(), "a", ended("a", T0))).isInstanceOf(IllegalStateException.class);
        assertThat(rowsOf("a")).hasSize(4);
    }

    @Test
    void aNodeThatIsNoMemberClaimsNothingAndIsToldSo() {
        store().jobs().create(List.of(due("a", T0)));
        String node = join(store(), "n");
        store().nodes().leave(node);

        assertThatThrownBy(() -> store().claims().claimDue(ask(node, T0, 9), take(node)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NODE_LOST));

        assertThat(store().jobs().find("a")).contains(due("a", T0));
    }

    @Test
    void onlyNewlyOwnedRowsOfTheAskingNodeAreAnswered() {
        store().jobs().create(List.of(due("a", T0)));
        String node = join(store(), "n");
        Execution owned = claimed("a", minute(-1), node);
        add(store(), "a", owned);

        List<Claim> claims = store().claims()
                .claimDue(
                        ask(node, T0, 9),
                        view -> write(
                                owned.toBuilder()
                                        .status(ExecutionStatus.RUNNING)
                                        .build(),
                                claimed("a", T0, "7-else"),
                                ended("a", minute(-2)),
                                claimed("a", minute(-3), node)));

        assertThat(claims).hasSize(1);
        assertThat(claims.get(0).execution().scheduledAt()).isEqualTo(minute(-3));
    }

    @Test
    void theFenceDecidesWhoseWriteCounts() {
        store().jobs().create(List.of(due("a", T0)));
        String node = join(store(), "n");
        Execution mine =
                store().claims().claimDue(ask(node, T0, 9), take(node)).get(0).execution();
        add(store(), "a", mine.toBuilder().fence(2).build());

        List<Boolean> held = store().claims()
                .amend(List.of(
                        new FencedDecision(mine, (view, row) -> write(finished(row, ExecutionStatus.OK))),
                        new FencedDecision(
                                mine.toBuilder().fence(2).build(),
                                (view, row) -> write(finished(row, ExecutionStatus.ERROR))),
                        new FencedDecision(
                                mine.toBuilder().fence(2).build(),
                                (view, row) -> write(finished(row, ExecutionStatus.OK))),
                        new FencedDecision(claimed("a", minute(7), node), (view, row) -> write(row))));

        assertThat(held).containsExactly(false, true, false, false);
        assertThat(store().ledger().find(mine.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.ERROR);
    }

    @Test
    void laterDecisionsOfOneCallSeeWhatTheEarlierOnesWrote() {
        store().jobs().create(List.of(idle("a")));
        Execution first = claimed("a", T0, "7-n");
        Execution second = claimed("a", minute(1), "7-n");
        add(store(), "a", first, second);
        List<Integer> open = new ArrayList<>();
        List<Long> counts = new ArrayList<>();

        store().claims()
                .amend(List.of(first, second).stream()
                        .map(one -> new FencedDecision(one, (view, row) -> {
                            open.add(view.openRows().size());
                            EngineState engine = view.job().orElseThrow().engine();
                            counts.add(engine.runCount());
                            return Amendment.builder()
                                    .row(finished(row, ExecutionStatus.OK))
                                    .engine(engine.toBuilder()
                                            .runCount(engine.runCount() + 1)
                                            .build())
                                    .build();
                        }))
                        .toList());

        assertThat(open).containsExactly(2, 1);
        assertThat(counts).containsExactly(0L, 1L);
        assertThat(store().jobs().find("a").orElseThrow().engine().runCount()).isEqualTo(2);
    }

    @Test
    void aThrowingDecisionUndoesTheWholeAmend() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        Execution first = claimed("a", T0, "7-n");
        Execution second = claimed("b", T0, "7-n");
        add(store(), "a", first);
        add(store(), "b", second);

        assertThatThrownBy(() -> store().claims()
                        .amend(List.of(
                                new FencedDecision(
                                        first,
                                        (view, row) -> Amendment.builder()
                                                .row(finished(row, ExecutionStatus.OK))
                                                .definition(script("x"))
                                                .envelope(Envelope.pending(
                                                        row.id(), "a", "console", Envelope.Content.RESULT, T0))
                                                .build()),
                                new FencedDecision(second, (view, row) -> {
                                    throw new IllegalArgumentException("no");
                                }))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(store().ledger().find(first.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.CLAIMED);
        assertThat(store().jobs().find("a")).contains(idle("a"));
        assertThat(store().outbox().list(Optional.empty(), Set.of(), 9)).isEmpty();
    }

    @Test
    void anAmendThatBreaksTheKeyIsAnsweredFalseAndTheRestIsWritten() {
        store().jobs().create(List.of(idle("a")));
        Execution first = claimed("a", T0, "7-n");
        Execution second = claimed("a", minute(1), "7-n");
        add(store(), "a", first, second);

        List<Boolean> held = store().claims()
                .amend(List.of(
                        new FencedDecision(
                                first, (view, row) -> write(finished(row, ExecutionStatus.OK), ended("a", minute(1)))),
                        new FencedDecision(second, (view, row) -> write(finished(row, ExecutionStatus.OK)))));

        assertThat(held).containsExactly(false, true);
        assertThat(store().ledger().find(first.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.CLAIMED);
    }

    @Test
    void aDeletedRowFreesItsKeyInTheSameWrite() {
        store().jobs().create(List.of(idle("a")));
        Execution held = claimed("a", T0, "7-n");
        add(store(), "a", held);

        store().claims()
                .amend(List.of(new FencedDecision(
                        held,
                        (view, row) -> Amendment.builder()
                                .row(ended("a", T0))
                                .deleteRow(row.id())
                                .engine(dueAt(T0))
                                .build())));

        assertThat(store().ledger().find(held.id())).isEmpty();
        assertThat(rowsOf("a")).hasSize(1);
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(T0);
    }

    @Test
    void openRowsAreSeenOldestDueFirstAndHeldOnesLast() {
        store().jobs().create(List.of(idle("a")));
        Execution held = row("a", minute(-9)).held().build();
        Execution late = row("a", minute(-8)).dueAt(minute(2)).build();
        Execution early = row("a", T0).build();
        Execution again = row("a", T0).attempt(2).build();
        add(store(), "a", held, again, late, early, ended("a", minute(-7)));
        List<String> ids = new ArrayList<>();

        JobView after = store().claims().decide("a", view -> {
            view.openRows().forEach(row -> ids.add(row.id()));
            return Amendment.none();
        });

        assertThat(ids).containsExactly(early.id(), again.id(), late.id(), held.id());
        assertThat(after.openRows()).extracting(Execution::id).isEqualTo(ids);
    }

    @Test
    void severalJobsAreDecidedAboutTogether() {
        store().jobs().create(List.of(idle("a"), idle("b")));
        Execution ofA = ended("a", T0);
        Execution ofB = ended("b", T0);
        Execution ofNone = ended("gone", T0);

        store().claims()
                .decideAll(Map.of(
                        "a", view -> Amendment.builder().row(ofA).build(),
                        "b", view -> Amendment.builder().row(ofB).build(),
                        "gone",
                                view -> {
                                    assertThat(view.job()).isEmpty();
                                    return Amendment.builder().row(ofNone).build();
                                }));
        store().claims().decideAll(Map.of());

        assertThat(beside().ledger().list(ExecutionQuery.newest(9)))
                .extracting(Execution::id)
                .containsExactlyInAnyOrder(ofA.id(), ofB.id(), ofNone.id());
        assertThatThrownBy(() -> store().claims()
                        .decideAll(Map.of(
                                "a",
                                view -> Amendment.builder()
                                        .row(claimed("a", T0, "7-n"))
                                        .build())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store().ledger().list(ExecutionQuery.newest(9))).hasSize(3);
    }

    @Test
    void removalCancelsEnvelopesAndKeepsRows() {
        store().jobs().create(List.of(due("a", T0), idle("b")));
        Execution running = claimed("a", T0, "7-n");
        Envelope open = Envelope.pending(running.id(), "a", "console", Envelope.Content.RESULT, T0);
        Envelope done = Envelope.pending(running.id(), "a", "ntfy:x", Envelope.Content.RESULT, T0)
                .ended(EnvelopeState.DELIVERED, Optional.empty());
        Envelope other = Envelope.pending("x", "b", "console", Envelope.Content.RESULT, T0);
        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .row(running)
                                .envelope(open)
                                .envelope(done)
                                .build());
        store().claims().decide("b", view -> Amendment.builder().envelope(other).build());

        remove(store(), "a");

        assertThat(store().outbox().list(Optional.of("a"), Set.of(EnvelopeState.CANCELLED), 9))
                .extracting(Envelope::target)
                .containsExactly("console");
        assertThat(store().outbox().list(Optional.empty(), Set.of(EnvelopeState.DELIVERED), 9))
                .containsExactly(done);
        assertThat(store().outbox().list(Optional.empty(), Set.of(EnvelopeState.PENDING), 9))
                .containsExactly(other);
        assertThat(rowsOf("a")).extracting(Execution::id).containsExactly(running.id());
        assertThat(store().claims().nextDueAt(SCRIPTS)).isEmpty();
    }

    @Test
    void theOwnerOfARemovedJobsRowClosesItAndNothingIsSent() {
        store().jobs().create(List.of(idle("a")));
        Execution running = claimed("a", T0, "7-n");
        add(store(), "a", running, requested("a", T0));
        remove(store(), "a");
        String node = join(store(), "n");
        List<JobView> views = new ArrayList<>();

        List<Boolean> held = store().claims().amend(List.of(new FencedDecision(running, (view, row) -> {
            views.add(view);
            return Amendment.builder()
                    .row(finished(row, ExecutionStatus.OK))
                    .envelope(Envelope.pending(row.id(), "a", "console", Envelope.Content.RESULT, T0))
                    .build();
        })));

        assertThat(held).containsExactly(true);
        assertThat(views.get(0).job()).isEmpty();
        assertThat(store().ledger().find(running.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.OK);
        assertThat(store().outbox().nextDueAt(PLATFORMS)).isEmpty();
        assertThat(offered(ask(node, minute(9), 9))).isEmpty();
        assertThat(store().claims().nextDueAt(SCRIPTS)).isEmpty();
    }

    @Test
    void anEnvelopeThatExistsStaysAsItIs() {
        store().jobs().create(List.of(idle("a")));
        Envelope sent = Envelope.pending("e", "a", "console", Envelope.Content.RESULT, T0)
                .ended(EnvelopeState.DELIVERED, Optional.empty());
        store().claims().decide("a", view -> Amendment.builder().envelope(sent).build());

        store().claims()
                .decide(
                        "a",
                        view -> Amendment.builder()
                                .envelope(Envelope.pending("e", "a", "console", Envelope.Content.RESULT, T0))
                                .envelope(Envelope.pending("e", "a", "console", Envelope.Content.ALERT, T0))
                                .build());

        assertThat(store().outbox().list(Optional.of("a"), Set.of(), 9))
                .extracting(Envelope::state)
                .containsExactlyInAnyOrder(EnvelopeState.DELIVERED, EnvelopeState.PENDING);
    }

    @Test
    void anAmendmentAboutAnotherJobIsRefusedWhole() {
        store().jobs().create(List.of(idle("a"), idle("b")));

        assertThatThrownBy(() -> add(store(), "a", ended("a", T0), ended("b", T0)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(rowsOf("a")).isEmpty();
        assertThat(rowsOf("b")).isEmpty();
    }

    @Test
    void decidingAboutAnUnknownJobIsAskedAndAnsweredEmpty() {
        JobView after = store().claims().decide("nobody", view -> {
            assertThat(view.job()).isEmpty();
            return Amendment.none();
        });

        assertThat(after).isEqualTo(new JobView("nobody", Optional.empty(), List.of()));
    }

    @Test
    void theNextDueInstantIsTheEarlierOfJobAndWaitingRow() {
        assertThat(store().claims().nextDueAt(SCRIPTS)).isEmpty();
        store().jobs().create(List.of(due("a", minute(5)), due("b", minute(3))));
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(minute(3));

        Execution waiting = requested("a", minute(1));
        add(store(), "a", waiting);
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(minute(1));

        add(store(), "a", finished(waiting, ExecutionStatus.CANCELLED));
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(minute(3));
    }

    @Test
    void severalThreadsOnOneStoreClaimNoRowTwice() {
        raceFor(2_000, List.of(store(), store(), store(), store()));
    }

    @Test
    void severalStoresOnTheSameDataClaimNoRowTwice() {
        raceFor(2_000, List.of(store(), beside(), store(), beside()));
    }

    private void raceFor(int count, List<JobStore> stores) {
        store().jobs().create(dueTogether(count, T0));
        List<Callable<List<String>>> racers = new ArrayList<>();
        for (JobStore one : stores) {
            String node = join(one, "racer" + racers.size());
            racers.add(() -> claimAll(one, node, T0));
        }

        List<String> claimed = together(racers).stream().flatMap(List::stream).toList();

        assertThat(claimed).hasSize(count).doesNotHaveDuplicates();
        assertThat(store().ledger().list(ExecutionQuery.newest(count + 1)))
                .hasSize(count)
                .extracting(Execution::jobId)
                .doesNotHaveDuplicates();
    }

    private static List<String> claimAll(JobStore store, String node, Instant now) {
        List<String> mine = new ArrayList<>();
        List<Claim> claims;
        do {
            claims = store.claims().claimDue(ask(node, now, 23), take(node));
            claims.forEach(claim -> mine.add(claim.job().id()));
        } while (!claims.isEmpty());
        return mine;
    }

    @Test
    void severalThreadsCompletingAtOnceLoseNoCount() {
        store().jobs().create(List.of(idle("a")));
        List<Execution> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(claimed("a", minute(i), "7-n"));
        }
        add(store(), "a", rows.toArray(Execution[]::new));
        List<Callable<Boolean>> owners = new ArrayList<>();
        for (JobStore one : List.of(store(), beside(), store())) {
            int offset = owners.size();
            owners.add(() -> {
                for (int i = offset; i < rows.size(); i += 3) {
                    one.claims().amend(List.of(new FencedDecision(rows.get(i), ClaimsContract::counted)));
                }
                return true;
            });
        }

        together(owners);

        assertThat(store().jobs().find("a").orElseThrow().engine().runCount()).isEqualTo(60);
    }

    private static Amendment counted(JobView view, Execution row) {
        EngineState engine = view.job().orElseThrow().engine();
        return Amendment.builder()
                .row(finished(row, ExecutionStatus.OK))
                .engine(engine.toBuilder().runCount(engine.runCount() + 1).build())
                .build();
    }

    @Test
    void whatTheLedgerHasAlreadyIsPassedOverAsTheDeciderSays() {
        store().jobs().create(List.of(due("a", T0), due("b", T0)));
        add(store(), "a", ended("a", T0));
        String node = join(store(), "n");
        JobDecider taking = take(node);
        JobDecider decider = new JobDecider() {
            @Override
            public Amendment decide(JobView view) {
                return taking.decide(view);
            }

            @Override
            public Amendment passOver(JobView view) {
                EngineState engine = view.job().orElseThrow().engine();
                return Amendment.builder()
                        .engine(engine.toBuilder()
                                .next(Optional.of(minute(9)), Optional.of(minute(9)))
                                .build())
                        .build();
            }
        };

        List<Claim> claims = store().claims().claimDue(ask(node, T0, 5), decider);

        assertThat(claims).extracting(claim -> claim.job().id()).containsExactly("b");
        assertThat(store().jobs().find("a").orElseThrow().engine().nextRunAt()).contains(minute(9));
        assertThat(store().ledger().list(ExecutionQuery.ofJob("a", 5))).hasSize(1);
    }

    @Test
    void aJobThatCannotBeReadHereIsInErrorAndNeverOfferedAndTheOthersAre() {
        store().jobs().create(List.of(unreadable("odd", T0), due("a", T0.plusMillis(5))));
        add(store(), "odd", requested("odd", T0).toBuilder().dueAt(T0).build());
        String node = join(store(), "n");

        for (JobStore reader : List.of(store(), beside())) {
            Job odd = reader.jobs().find("odd").orElseThrow();
            assertThat(odd.engine().state()).isEqualTo(JobState.ERROR);
            assertThat(odd.engine().nextRunAt()).isEmpty();
            assertThat(odd.engine().dueAt()).isEmpty();
            assertThat(odd.definition().fault().orElseThrow()).contains("Mars/Olympus_Mons");
            assertThat(odd.definition().name()).isEqualTo("odd");
            assertThat(reader.jobs().list()).hasSize(2).contains(odd);
            assertThat(reader.jobs().definitionsAt(1).orElseThrow()).containsEntry("odd", odd.definition());
        }
        assertThat(offered(ask(node, T0.plusMillis(5), 1))).isIn(List.of(), List.of("a"));
        assertThat(offered(ask(node, T0.plusMillis(5), 1))).containsExactly("a");
        assertThat(offered(new ClaimRequest(node, T0, T0, 1, SCRIPTS, Optional.of("odd"))))
                .isEmpty();
        assertThat(store().claims().nextDueAt(SCRIPTS)).contains(T0.plusMillis(5));
    }

    @Test
    void whereAJobStandsThatCannotBeReadHereOutlivesWhatIsWrittenAboutIt() {
        store().jobs().create(List.of(unreadable("odd", T0)));
        String node = join(store(), "n");
        Execution row = claimed("odd", minute(-1), node);
        add(store(), "odd", row);

        store().claims()
                .amend(List.of(new FencedDecision(
                        row,
                        (view, current) -> Amendment.builder()
                                .row(finished(current, ExecutionStatus.OK))
                                .engine(view.job().orElseThrow().engine().toBuilder()
                                        .runCount(5)
                                        .build())
                                .build())));
        assertThat(store().jobs().find("odd").orElseThrow().engine().state()).isEqualTo(JobState.ERROR);
        assertThat(store().jobs().find("odd").orElseThrow().engine().runCount()).isEqualTo(5);
        assertThat(store().jobs().find("odd").orElseThrow().definition())
                .isEqualTo(unreadable("odd", T0).definition());

        define(store(), "odd", "mended");
        Job mended = store().jobs().find("odd").orElseThrow();
        assertThat(mended.engine()).isEqualTo(dueAt(T0).toBuilder().runCount(5).build());
        assertThat(offered(ask(node, T0, 9))).containsExactly("odd");
    }

    @Test
    void anEditThatMendsAJobSaysWhereItStands() {
        store().jobs().create(List.of(unreadable("odd", T0)));
        String node = join(store(), "n");

        store().claims()
                .decide(
                        "odd",
                        view -> Amendment.builder()
                                .definition(script("odd"))
                                .engine(EngineState.fresh())
                                .build());

        assertThat(store().jobs().find("odd").orElseThrow().engine()).isEqualTo(EngineState.fresh());
        assertThat(offered(ask(node, minute(9), 9))).isEmpty();
    }

    @Test
    void theNextWaitingRowIsTheEarliestThatTheNodeCanRunWhateverTheSchedulesSay() {
        store().jobs().create(List.of(due("a", T0), due("b", minute(1)), new Job("h", handler("other"), 1, dueAt(T0))));
        assertThat(store().claims().nextWaitingAt(SCRIPTS)).isEmpty();

        add(store(), "h", requested("h", T0).toBuilder().dueAt(minute(1)).build());
        add(store(), "a", requested("a", minute(8)).toBuilder().held().build());
        add(store(), "a", requested("a", minute(5)).toBuilder().dueAt(minute(6)).build());
        add(store(), "b", requested("b", T0).toBuilder().dueAt(minute(7)).build());

        assertThat(store().claims().nextWaitingAt(SCRIPTS)).contains(minute(6));
        assertThat(beside().claims().nextDueAt(SCRIPTS)).contains(T0);
    }
}
