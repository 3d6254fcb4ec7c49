package dev.kairos.testkit.sim.broken;

import dev.kairos.testkit.sim.Simulation;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Promises that are broken on purpose. */
enum Variant {
    ADVANCE_AFTER_RUN("can still use up", () -> (store, node) -> new AdvanceAfterRun(store)),
    NO_FENCE_CHECK(
            "an ended row changed|counted -?\\d+ runs while|is RUNNING with open rows",
            () -> (store, node) -> new NoFence(store)),
    LEASE_BY_WALL_CLOCK("by another than its living owner|overlaps itself|started twice", () -> {
        Map<String, Instant> shared = LeaseByWallClock.shared();
        return (store, node) -> new LeaseByWallClock(store, node, shared);
    }),
    CLAIM_WITHOUT_COMPARE(
            "is RUNNING with open rows|counted -?\\d+ runs|waits for nobody|by another than its living owner|started twice"
                    + "|an ended row changed|without using up an occurrence",
            () -> ClaimWithoutCompare::new),
    NO_START_MARK("a start without a live claim", () -> (store, node) -> new NoMark(store)),
    LEDGER_ROW_AFTER_START("is RUNNING with open rows|a start without a live claim", () -> RowAfterStart::new),
    ENVELOPE_ONLY_AFTER_FAILURE("no envelope keeps what it said", () -> EnvelopeAfterFailure::new),
    FORGETFUL_DELIVERY_RETRY(
            "a target gets again|a stale owner delivers", () -> (store, node) -> new ForgetfulRetry(store)),
    NO_LEASES(
            "by another than its living owner|overlaps itself|started twice",
            () -> (store, node) -> new NoLeases(store)),
    BUDGET_BY_ATTEMPTS("no further attempt follows", () -> (store, node) -> new BudgetByAttempts(store)),
    UNHEARD_WISH("asked to end", () -> (store, node) -> new UnheardWish(store)),
    NOBODY_EXPELLED("whose lease is over", () -> (store, node) -> new NobodyExpelled(store)),
    HUNGRY_PRUNING("pruned before its time", () -> (store, node) -> new HungryPruning(store)),
    LAST_RUNS_FORGOTTEN(
            "one of the newest rows of its job was pruned", () -> (store, node) -> new LastRunsForgotten(store));

    private final Pattern rule;
    private final Supplier<Simulation.View> views;

    Variant(String rule, Supplier<Simulation.View> views) {
        this.rule = Pattern.compile(rule);
        this.views = views;
    }

    /** What the rules that it breaks say. */
    Pattern rule() {
        return rule;
    }

    /** A fresh one, for one simulation. */
    Simulation.View view() {
        return views.get();
    }
}
