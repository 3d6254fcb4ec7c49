package dev.kairos.testkit;

import static dev.kairos.testkit.Samples.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.StoreHook.Write;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterceptedStoreTest {
    private final JobStore inner = new MemoryStore("inner");

    @Test
    void everyWriteIsHookedOnceBeforeAndOnceAfter() {
        List<String> calls = new ArrayList<>();
        JobStore store = new InterceptedStore(inner, new StoreHook() {
            @Override
            public void before(Write write) {
                calls.add("before " + write);
            }

            @Override
            public void after(Write write) {
                calls.add("after " + write);
            }
        });

        String node = join(store, "n");
        store.jobs().create(List.of(due("a", T0)));
        store.claims().claimDue(ask(node, T0, 1), take(node));
        store.claims().amend(List.of());
        store.claims().decide("a", view -> Amendment.none());
        store.ledger().prune(T0, 1);
        store.ledger().keepFact("fact", Optional.empty(), Optional.of("value"));
        store.outbox().claimDue(envelopes(node, T0, 1));
        store.outbox()
                .put(
                        Envelope.pending("e", "a", "console", Envelope.Content.RESULT, T0),
                        (view, envelopes) -> Amendment.none());
        store.nodes().renew(node);
        store.nodes().expel(node, -1);
        store.nodes().leave(node);

        assertThat(calls).hasSize(2 * Write.values().length);
        for (Write write : Write.values()) {
            assertThat(calls).containsOnlyOnce("before " + write).containsOnlyOnce("after " + write);
        }
    }

    @Test
    void aHookThatThrowsBeforePreventsTheWriteAndOneAfterHidesTheAnswer() {
        JobStore before = new InterceptedStore(inner, new StoreHook() {
            @Override
            public void before(Write write) {
                throw new IllegalStateException("killed before " + write);
            }
        });
        JobStore after = new InterceptedStore(inner, new StoreHook() {
            @Override
            public void after(Write write) {
                throw new IllegalStateException("killed after " + write);
            }
        });

        assertThatThrownBy(() -> before.jobs().create(List.of(idle("a")))).hasMessage("killed before CREATE");
        assertThatThrownBy(() -> after.jobs().create(List.of(idle("b")))).hasMessage("killed after CREATE");

        assertThat(before.jobs().list()).containsExactly(idle("b"));
    }

    @Test
    void readsGoStraightThrough() {
        JobStore store = new InterceptedStore(inner, new StoreHook() {
            @Override
            public void before(Write write) {
                throw new IllegalStateException("a read is no write");
            }
        });

        assertThat(store.jobs().list()).isEmpty();
        assertThat(store.jobs().find("a")).isEmpty();
        assertThat(store.jobs().definitionsAt(0)).isPresent();
        assertThat(store.jobs().changesSince(0).storeId()).isEqualTo("inner");
        assertThat(store.claims().nextDueAt(SCRIPTS)).isEmpty();
        assertThat(store.ledger().find("e")).isEmpty();
        assertThat(store.outbox().list(Optional.empty(), Set.of(), 1)).isEmpty();
        assertThat(store.outbox().nextDueAt(PLATFORMS)).isEmpty();
        assertThat(store.nodes().leases()).isEmpty();
    }

    @Test
    void itIsWhereTheStoreIsThatItWraps() {
        JobStore somewhere = (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, args) -> method.getName().equals("place") ? Optional.of("here") : null);

        assertThat(new InterceptedStore(somewhere, new StoreHook() {}).place()).contains("here");
    }
}
