package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.NodeNote;
import dev.kairos.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the nodes face of every store must do. Status: experimental since 0.1. */
public abstract class NodesContract extends JobStoreContract {
    /** Whether it keeps what nodes say of themselves: only a store of one process need not. */
    protected boolean keepsNotes() {
        return true;
    }

    private Lease leaseOf(String node) {
        return store().nodes().leases().stream()
                .filter(lease -> lease.node().id().equals(node))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void joiningTwiceIsJoiningOnce() {
        String node = join(store(), "n");
        store().nodes().renew(node);
        long beat = leaseOf(node).beat();

        join(store(), "n");

        assertThat(store().nodes().leases()).hasSize(1);
        assertThat(leaseOf(node).beat()).isEqualTo(beat);
    }

    @Test
    void membersAreListedByIdAndComeBackWhole() {
        NodeIdentity whole = NodeIdentity.builder("a-boot-id", 4_194_304, "x9")
                .pidNamespace("pid:[4026531836]")
                .startTicks(1L << 40)
                .build();
        store().nodes().join(whole);
        store().nodes().join(node("b"));
        store().nodes().join(node("a"));

        assertThat(beside().nodes().leases()).extracting(Lease::node).containsExactly(whole, node("a"), node("b"));
    }

    @Test
    void eachRenewalIsOneBeatMore() {
        String node = join(store(), "n");
        String other = join(store(), "m");
        long beat = leaseOf(node).beat();
        long otherBeat = leaseOf(other).beat();

        assertThat(store().nodes().renew(node)).isTrue();
        assertThat(store().nodes().renew(node)).isTrue();

        assertThat(leaseOf(node).beat()).isEqualTo(beat + 2);
        assertThat(leaseOf(other).beat()).isEqualTo(otherBeat);
    }

    @Test
    void aRenewalAfterTheObservationSavesTheNode() {
        String node = join(store(), "n");
        long seen = leaseOf(node).beat();
        store().nodes().renew(node);

        assertThat(store().nodes().expel(node, seen)).isFalse();

        assertThat(store().nodes().renew(node)).isTrue();
    }

    @Test
    void anExpelledNodeIsNoMemberUntilItJoinsAnew() {
        String node = join(store(), "n");

        assertThat(store().nodes().expel(node, leaseOf(node).beat())).isTrue();

        assertThat(store().nodes().expel(node, 0)).isFalse();
        assertThat(store().nodes().renew(node)).isFalse();
        assertThat(store().nodes().leases()).isEmpty();
        assertThatThrownBy(() -> store().claims().claimDue(ask(node, T0, 1), take(node)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NODE_LOST));

        join(store(), "n");
        assertThat(store().nodes().renew(node)).isTrue();
    }

    @Test
    void leavingTwiceIsLeavingOnce() {
        String node = join(store(), "n");
        String other = join(store(), "m");

        store().nodes().leave(node);
        store().nodes().leave(node);

        assertThat(store().nodes().renew(node)).isFalse();
        assertThat(store().nodes().renew(other)).isTrue();
    }

    @Test
    void ofSeveralObserversOneExpels() {
        String node = join(store(), "n");
        long seen = leaseOf(node).beat();
        List<Callable<Boolean>> observers = new ArrayList<>();
        for (JobStore one : List.of(store(), beside(), store(), beside())) {
            observers.add(() -> one.nodes().expel(node, seen));
        }

        assertThat(together(observers)).containsOnlyOnce(true);
    }

    @Test
    void whatAMemberSaysOfItselfIsKnownToAllUntilItIsAMemberNoMore() {
        String node = join(store(), "n");
        String silent = join(store(), "m");
        String text = "{\"abilities\": [\"script\"], \"error\": \"caf\u00e9 \\u0000\"}\n".repeat(1_000);
        store().nodes().note(node, "the first word");
        store().nodes().note("nobody", "a word");
        store().nodes().note(node, text);
        List<NodeNote> notes = beside().nodes().notes();
        if (!keepsNotes()) {
            assertThat(notes).isEmpty();
            return;
        }
        assertThat(notes).singleElement().satisfies(note -> {
            assertThat(note.node()).isEqualTo(node);
            assertThat(note.text()).isEqualTo(text);
            assertThat(note.age()).isLessThan(Duration.ofMinutes(1));
        });
        assertThat(leaseOf(node).beat()).as("a note renews nothing").isZero();
        store().nodes().renew(node);
        assertThat(beside().nodes().notes()).extracting(NodeNote::text).containsExactly(text);
        store().nodes().note(silent, "");
        store().nodes().expel(node, leaseOf(node).beat());
        assertThat(beside().nodes().notes()).extracting(NodeNote::node).containsExactly(silent);
        store().nodes().leave(silent);
        join(store(), "m");
        assertThat(beside().nodes().notes()).isEmpty();
    }

    @Test
    void aClockOfItsOwnIsReadWhenItIsAskedAndIsTheSameForAll() {
        Optional<Instant> first = store().nodes().clock();
        Optional<Instant> second = beside().nodes().clock();
        Optional<Instant> third = store().nodes().clock();

        assertThat(second.isPresent()).isEqualTo(first.isPresent());
        assertThat(third.isPresent()).isEqualTo(first.isPresent());
        first.ifPresent(at -> {
            assertThat(second.orElseThrow())
                    .isAfterOrEqualTo(at)
                    .isEqualTo(second.get().truncatedTo(ChronoUnit.MILLIS));
            assertThat(third.orElseThrow()).isAfterOrEqualTo(second.get());
        });
    }

    @Test
    void aPlaceOfItsOwnIsTheSameForAllAndShowsNothing() {
        Optional<String> place = store().place();

        assertThat(beside().place()).isEqualTo(place);
        assertThat(store().place()).isEqualTo(place);
        place.ifPresent(text -> assertThat(text).matches("[A-Za-z0-9._-]{1,64}"));
        store().snapshot().ifPresent(snapshot -> {
            try (JobStore frozen = snapshot) {
                assertThat(frozen.place()).isEqualTo(place);
            }
        });
    }
}
