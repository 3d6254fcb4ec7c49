package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.EnvelopeClaimRequest;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the outbox face of every store must do. Status: experimental since 0.1. */
public abstract class OutboxContract extends JobStoreContract {
    private Envelope pending(String executionId, String target, Instant at) {
        Envelope envelope = Envelope.pending(executionId, "a", target, Envelope.Content.RESULT, at);
        store().jobs().create(List.of(idle("a")));
        store().claims()
                .decide("a", view -> Amendment.builder().envelope(envelope).build());
        return envelope;
    }

    /** An envelope in the hands of a member. */
    private Envelope inHand(String executionId, String target) {
        pending(executionId, target, T0);
        return store().outbox()
                .claimDue(envelopes(join(store(), "hand"), T0, 1))
                .get(0);
    }

    private List<Envelope> all() {
        return store().outbox().list(Optional.empty(), Set.of(), 1_000);
    }

    private static Amendment nothing(JobView view, List<Envelope> envelopes) {
        return Amendment.none();
    }

    @Test
    void dueEnvelopesAreClaimedEarliestFirstUnderANewFence() {
        Envelope second = pending("e2", "console", minute(1));
        Envelope first = pending("e1", "ntfy:x", T0);
        pending("e3", "console", minute(3));
        String node = join(store(), "n");

        assertThat(store().outbox().claimDue(envelopes(node, T0.minusMillis(1), 9)))
                .isEmpty();
        assertThat(store().outbox().claimDue(envelopes(node, minute(2), 1))).containsExactly(first.claimedBy(node));
        assertThat(store().outbox().claimDue(envelopes(node, minute(2), 9))).containsExactly(second.claimedBy(node));
        assertThat(store().outbox().claimDue(envelopes(node, minute(2), 9))).isEmpty();
        assertThat(all()).contains(first.claimedBy(node), second.claimedBy(node));
    }

    @Test
    void anEnvelopeComesBackWhole() {
        Envelope envelope = pending("e", "mail:a@example.org", T0);
        Envelope full = envelope.claimedBy("7-n")
                .sending()
                .withReceipt("part 1, with \"quotes\"")
                .withReceipt("")
                .unknownFrom(minute(1))
                .waiting(EnvelopeState.RETRY, minute(3), Optional.of("503 \u017c"));
        String node = join(store(), "n");
        Envelope mine = store().outbox().claimDue(envelopes(node, T0, 1)).get(0);
        assertThat(mine.fence()).isEqualTo(full.fence());

        assertThat(store().outbox().put(full, OutboxContract::nothing)).isTrue();

        assertThat(beside().outbox().list(Optional.of("a"), Set.of(EnvelopeState.RETRY), 9))
                .containsExactly(full);
    }

    @Test
    void allEnvelopesAreHandedOverOnceInOrder() {
        List<String> expected = new ArrayList<>();
        Amendment.Builder all = Amendment.builder();
        for (int i = 0; i < 1_001; i++) {
            Envelope one = Envelope.pending(
                    String.format("e%04d", i % 500), "a", "chat:" + i, Envelope.Content.RESULT, minute(2_000 - i));
            all.envelope(one);
            expected.add(one.id());
        }
        store().jobs().create(List.of(idle("a")));
        store().claims().decide("a", view -> all.build());
        List<String> seen = new ArrayList<>();
        store().outbox().each(envelope -> seen.add(envelope.id()));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected).isSorted();
    }

    @Test
    void aNodeThatIsNoMemberClaimsNoEnvelope() {
        Envelope envelope = pending("e", "console", T0);

        assertThatThrownBy(() -> store().outbox().claimDue(envelopes("7-stranger", T0, 9)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NODE_LOST));

        assertThat(all()).containsExactly(envelope);
    }

    @Test
    void aStaleFenceChangesNothingAndTheHostIsNotAsked() {
        pending("e", "console", T0);
        String node = join(store(), "n");
        Envelope stale = store().outbox().claimDue(envelopes(node, T0, 9)).get(0);
        store().outbox().put(stale.waiting(EnvelopeState.PENDING, T0, Optional.empty()), OutboxContract::nothing);
        Envelope heir = store().outbox().claimDue(envelopes(node, T0, 9)).get(0);
        assertThat(heir.fence()).isEqualTo(stale.fence() + 1);

        boolean held = store().outbox().put(stale.sending(), (view, envelopes) -> {
            throw new AssertionError("asked about a stale envelope");
        });

        assertThat(held).isFalse();
        assertThat(all()).containsExactly(heir);
    }

    @Test
    void anEnvelopeThatWaitsAgainOrEndedIsNotReplaced() {
        Envelope mine = inHand("e", "console");
        Envelope waiting = mine.waiting(EnvelopeState.RETRY, minute(1), Optional.of("503"));
        assertThat(store().outbox().put(waiting, OutboxContract::nothing)).isTrue();
        assertThat(store().outbox().put(mine.sending(), OutboxContract::nothing))
                .isFalse();
        assertThat(all()).containsExactly(waiting);

        Envelope again = store().outbox()
                .claimDue(envelopes(join(store(), "hand"), minute(1), 1))
                .get(0);
        Envelope ended = again.ended(EnvelopeState.FAILED, Optional.of("gone"));
        assertThat(store().outbox().put(ended, OutboxContract::nothing)).isTrue();
        assertThat(store().outbox().put(again.sending(), OutboxContract::nothing))
                .isFalse();
        assertThat(all()).containsExactly(ended);
    }

    @Test
    void whoReadAnEnvelopeBeforeItsSendBeganDoesNotPutItBack() {
        Envelope read = inHand("e", "console");
        assertThat(store().outbox().put(read.sending(), OutboxContract::nothing))
                .isTrue();

        boolean held = store().outbox()
                .put(read.waiting(EnvelopeState.PENDING, T0, Optional.empty()), OutboxContract::nothing);

        assertThat(held).isFalse();
        assertThat(all()).containsExactly(read.sending());
    }

    @Test
    void anUnknownEnvelopeIsNotWritten() {
        Envelope stranger = Envelope.pending("none", "a", "console", Envelope.Content.RESULT, T0);

        assertThat(store().outbox().put(stranger.claimedBy("7-n"), OutboxContract::nothing))
                .isFalse();

        assertThat(all()).isEmpty();
    }

    @Test
    void theHostSeesJobAndSiblingsAndWritesAboutTheJobInTheSameTransaction() {
        Envelope first = inHand("e", "console");
        Envelope second = pending("e", "ntfy:x", T0);
        pending("e0", "console", T0);
        Envelope delivered = first.ended(EnvelopeState.DELIVERED, Optional.empty());

        boolean held = store().outbox().put(delivered, (view, envelopes) -> {
            assertThat(envelopes).containsExactlyInAnyOrder(delivered, second);
            assertThat(view.job()).contains(idle("a"));
            return Amendment.builder().engine(dueAt(T0)).build();
        });

        assertThat(held).isTrue();
        assertThat(store().jobs().find("a").orElseThrow().engine()).isEqualTo(dueAt(T0));
    }

    @Test
    void aHostThatThrowsLeavesTheEnvelopeAsItWas() {
        Envelope mine = inHand("e", "console");

        assertThatThrownBy(() -> store().outbox()
                        .put(mine.ended(EnvelopeState.FAILED, Optional.empty()), (view, envelopes) -> {
                            throw new IllegalArgumentException("no");
                        }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(all()).containsExactly(mine);
    }

    @Test
    void theEnvelopesOfARemovedJobAreNotReplaced() {
        Envelope envelope = inHand("e", "console");
        remove(store(), "a");

        assertThat(store().outbox().put(envelope.sending(), OutboxContract::nothing))
                .isFalse();
        assertThat(all()).extracting(Envelope::state).containsExactly(EnvelopeState.CANCELLED);
    }

    @Test
    void envelopesAreListedOldestAttemptFirstByJobAndState() {
        pending("e1", "console", minute(2));
        Envelope early = pending("e2", "console", minute(1));
        store().jobs().create(List.of(idle("b")));
        Envelope other = Envelope.pending("e3", "b", "console", Envelope.Content.RESULT, T0)
                .ended(EnvelopeState.FAILED, Optional.empty());
        store().claims().decide("b", view -> Amendment.builder().envelope(other).build());

        assertThat(all()).extracting(Envelope::executionId).containsExactly("e3", "e2", "e1");
        assertThat(store().outbox().list(Optional.of("a"), Set.of(EnvelopeState.PENDING), 1))
                .containsExactly(early);
        assertThat(store().outbox().list(Optional.empty(), Set.of(EnvelopeState.FAILED, EnvelopeState.UNKNOWN), 9))
                .containsExactly(other);
        assertThat(store().outbox().list(Optional.of("b"), Set.of(), 9)).containsExactly(other);
    }

    @Test
    void theNextDueInstantIsThatOfTheEarliestWaitingEnvelope() {
        assertThat(store().outbox().nextDueAt(PLATFORMS)).isEmpty();
        pending("e1", "console", minute(1));
        pending("e2", "console", minute(2));
        assertThat(store().outbox().nextDueAt(PLATFORMS)).contains(minute(1));

        String node = join(store(), "n");
        store().outbox().claimDue(envelopes(node, minute(1), 9));
        assertThat(store().outbox().nextDueAt(PLATFORMS)).contains(minute(2));
    }

    @Test
    void anEnvelopeIsGivenOnlyToANodeThatDeliversToItsPlatform() {
        Envelope chat = pending("e1", "telegram:1:2", T0);
        Envelope home = pending("e2", "ntfy", minute(1));
        Envelope mail = pending("e3", "mail:a@example.org", minute(2));
        String node = join(store(), "n");

        assertThat(store().outbox().claimDue(new EnvelopeClaimRequest(node, minute(9), 9, Set.of("telegra", "m"))))
                .isEmpty();
        assertThat(store().outbox().claimDue(new EnvelopeClaimRequest(node, minute(9), 1, Set.of("mail", "ntfy"))))
                .containsExactly(home.claimedBy(node));
        assertThat(store().outbox().claimDue(envelopes(node, minute(9), 9))).containsExactly(mail.claimedBy(node));
        assertThat(all()).contains(chat);

        String able = join(store(), "able");
        assertThat(store().outbox().claimDue(new EnvelopeClaimRequest(able, minute(9), 9, Set.of("telegram"))))
                .containsExactly(chat.claimedBy(able));
    }

    @Test
    void anEnvelopeThatWaitsAgainIsGivenOnlyToANodeThatDeliversToItsPlatform() {
        Envelope mine = inHand("e", "ntfy:x");
        Envelope again = mine.waiting(EnvelopeState.RETRY, minute(1), Optional.of("503"));
        store().outbox().put(again, OutboxContract::nothing);
        String node = join(store(), "n");

        assertThat(store().outbox().claimDue(new EnvelopeClaimRequest(node, minute(1), 9, Set.of("console"))))
                .isEmpty();
        assertThat(store().outbox().nextDueAt(Set.of("console"))).isEmpty();
        assertThat(store().outbox().nextDueAt(Set.of("ntfy"))).contains(minute(1));
        assertThat(store().outbox().claimDue(envelopes(node, minute(1), 9))).containsExactly(again.claimedBy(node));
    }

    @Test
    void aNodeThatDeliversNowhereIsGivenNothingAndWaitsForNothing() {
        Envelope envelope = pending("e", "console", T0);
        String node = join(store(), "n");

        assertThat(store().outbox().claimDue(new EnvelopeClaimRequest(node, minute(1), 9, Set.of())))
                .isEmpty();
        assertThat(store().outbox().nextDueAt(Set.of())).isEmpty();
        assertThat(all()).containsExactly(envelope);
        assertThatThrownBy(
                        () -> store().outbox().claimDue(new EnvelopeClaimRequest("7-stranger", minute(1), 9, Set.of())))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void theNextDueInstantIsThatOfAnEnvelopeTheNodeCanDeliver() {
        pending("e1", "telegram:1", T0);
        pending("e2", "console", minute(2));
        pending("e3", "ntfy:x", minute(1));

        assertThat(store().outbox().nextDueAt(Set.of("console"))).contains(minute(2));
        assertThat(store().outbox().nextDueAt(Set.of("console", "ntfy"))).contains(minute(1));
        assertThat(store().outbox().nextDueAt(Set.of("console", "ntfy", "telegram")))
                .contains(T0);
        assertThat(store().outbox().nextDueAt(Set.of("matrix"))).isEmpty();
    }

    @Test
    void severalThreadsClaimNoEnvelopeTwice() {
        store().jobs().create(List.of(idle("a")));
        store().claims().decide("a", view -> {
            Amendment.Builder amendment = Amendment.builder();
            for (int i = 0; i < 500; i++) {
                amendment.envelope(Envelope.pending("e" + i, "a", "console", Envelope.Content.RESULT, T0));
            }
            return amendment.build();
        });
        List<Callable<List<String>>> racers = new ArrayList<>();
        for (JobStore one : List.of(store(), beside(), store(), beside())) {
            String node = join(one, "racer" + racers.size());
            racers.add(() -> {
                List<String> mine = new ArrayList<>();
                List<Envelope> claimed;
                do {
                    claimed = one.outbox().claimDue(envelopes(node, T0, 7));
                    claimed.forEach(envelope -> mine.add(envelope.id()));
                } while (!claimed.isEmpty());
                return mine;
            });
        }

        assertThat(together(racers).stream().flatMap(List::stream).toList())
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatWasLostWaitsAnewUnderANewFenceAndItsFormerOwnerChangesNothing() {
        Envelope mine = inHand("e", "ntfy:x").sending().withReceipt("part 1");
        Envelope lost = mine.ended(EnvelopeState.FAILED, Optional.of("403 blocked"));
        store().outbox().put(mine, OutboxContract::nothing);
        store().outbox().put(lost, OutboxContract::nothing);

        assertThat(store().outbox().put(lost.reopened(minute(9)), OutboxContract::nothing))
                .isTrue();
        assertThat(store().outbox().put(mine.withReceipt("part 2"), OutboxContract::nothing))
                .isFalse();
        assertThat(store().outbox().put(lost.reopened(minute(9)), OutboxContract::nothing))
                .as("twice")
                .isFalse();

        Envelope again = store().outbox()
                .claimDue(envelopes(join(store(), "again"), minute(9), 1))
                .get(0);
        assertThat(again.receipts()).containsExactly("part 1");
        assertThat(again.attempts()).isZero();
        assertThat(again.fence()).isEqualTo(lost.fence() + 2);
    }

    @Test
    void whatArrivedOrIsStillUnderWayIsNotReopened() {
        Envelope mine = inHand("e", "ntfy:x");
        assertThat(store().outbox().put(mine.reopened(T0), OutboxContract::nothing))
                .isFalse();
        Envelope arrived = mine.sending().ended(EnvelopeState.DELIVERED, Optional.empty());
        store().outbox().put(arrived, OutboxContract::nothing);
        assertThat(store().outbox().put(arrived.reopened(T0), OutboxContract::nothing))
                .isFalse();
        assertThat(all()).containsExactly(arrived);
    }
}
