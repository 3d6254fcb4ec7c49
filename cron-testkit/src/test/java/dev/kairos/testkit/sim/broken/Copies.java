package dev.kairos.testkit.sim.broken;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Amendments that leave something out. */
final class Copies {
    private Copies() {}

    static Amendment withoutRows(Amendment whole, Predicate<Execution> left) {
        Amendment.Builder copy = Amendment.builder();
        whole.engine().ifPresent(copy::engine);
        whole.definition().ifPresent(copy::definition);
        whole.deletedRows().forEach(copy::deleteRow);
        whole.rows().stream().filter(left.negate()).forEach(copy::row);
        whole.envelopes().forEach(copy::envelope);
        return copy.build();
    }

    static Amendment withRows(Amendment whole, UnaryOperator<Execution> changed) {
        Amendment.Builder copy = Amendment.builder();
        whole.engine().ifPresent(copy::engine);
        whole.definition().ifPresent(copy::definition);
        whole.deletedRows().forEach(copy::deleteRow);
        whole.rows().stream().map(changed).forEach(copy::row);
        whole.envelopes().forEach(copy::envelope);
        return copy.build();
    }

    static Amendment withoutEnvelopes(Amendment whole) {
        Amendment.Builder copy = Amendment.builder();
        whole.engine().ifPresent(copy::engine);
        whole.definition().ifPresent(copy::definition);
        whole.deletedRows().forEach(copy::deleteRow);
        whole.rows().forEach(copy::row);
        return copy.build();
    }

    static Amendment withEngine(Amendment whole, Optional<EngineState> engine) {
        Amendment.Builder copy = Amendment.builder();
        engine.ifPresent(copy::engine);
        whole.definition().ifPresent(copy::definition);
        whole.deletedRows().forEach(copy::deleteRow);
        whole.rows().forEach(copy::row);
        whole.envelopes().forEach(copy::envelope);
        return copy.build();
    }
}
