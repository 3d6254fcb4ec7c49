package dev.kairos.testkit.sim.broken;

import dev.kairos.testkit.sim.Simulation;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** Promises that are broken on purpose. */
enum Variant {
    ADVANCE_AFTER_RUN(() -> (store, node) -> new AdvanceAfterRun(store)),
    NO_FENCE_CHECK(() -> (store, node) -> new NoFence(store)),
    LEASE_BY_WALL_CLOCK(() -> {
        Map<String, Instant> shared = LeaseByWallClock.shared();
        return (store, node) -> new LeaseByWallClock(store, node, shared);
    }),
    CLAIM_WITHOUT_COMPARE(() -> ClaimWithoutCompare::new),
    NO_START_MARK(() -> (store, node) -> new NoMark(store)),
    LEDGER_ROW_AFTER_START(() -> RowAfterStart::new),
    ENVELOPE_ONLY_AFTER_FAILURE(() -> EnvelopeAfterFailure::new),
    FORGETFUL_DELIVERY_RETRY(() -> (store, node) -> new ForgetfulRetry(store)),
    NO_LEASES(() -> (store, node) -> new NoLeases(store)),
    BUDGET_BY_ATTEMPTS(() -> (store, node) -> new BudgetByAttempts(store)),
    UNHEARD_WISH(() -> (store, node) -> new UnheardWish(store)),
    NOBODY_EXPELLED(() -> (store, node) -> new NobodyExpelled(store));

    private final Supplier<Simulation.View> views;

    Variant(Supplier<Simulation.View> views) {
        this.views = views;
    }

    /** A fresh one, for one simulation. */
    Simulation.View view() {
        return views.get();
    }
}
