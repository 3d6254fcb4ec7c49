package dev.kairos.runner.agent;

import dev.kairos.api.ledger.Usage;
import java.math.BigDecimal;
import java.util.Optional;

/** Counts what one run uses, whatever models it takes. Thread-safe. */
final class Meter {
    private final Object lock = new Object();
    private Usage used;

    Meter(ModelEntry first) {
        this.used = Usage.of(first.model().isEmpty() ? first.name() : first.model());
    }

    /** A request goes out to the entry's model. */
    void asked(ModelEntry entry) {
        synchronized (lock) {
            used = used.withModel(entry.model().isEmpty() ? entry.name() : entry.model())
                    .withTurn(0, 0);
        }
    }

    /** An answer came and says what it cost in tokens. */
    void answered(ModelEntry entry, long in, long out) {
        synchronized (lock) {
            Optional<BigDecimal> before = used.cost();
            Usage more = used.withTurn(Math.max(0, in), Math.max(0, out)).withTurns(used.turns());
            used = entry.prices()
                    .flatMap(prices -> prices.estimate(Usage.of("").withTurn(Math.max(0, in), Math.max(0, out)))
                            .cost())
                    .map(cost -> more.withCost(before.orElse(BigDecimal.ZERO).add(cost)))
                    .orElse(more);
        }
    }

    /** A back end says itself how often its model was asked, and what that cost. */
    void told(Optional<Integer> turns, Optional<BigDecimal> cost) {
        synchronized (lock) {
            used = turns.filter(all -> all > 0).map(used::withTurns).orElse(used);
            used = cost.filter(money -> money.signum() >= 0 && used.cost().isEmpty())
                    .map(used::withCost)
                    .orElse(used);
        }
    }

    /** A call of a tool goes out: from now on the run is not repeated by itself. */
    void toolCalled() {
        synchronized (lock) {
            used = used.withToolCall();
        }
    }

    Usage used() {
        synchronized (lock) {
            return used;
        }
    }
}
