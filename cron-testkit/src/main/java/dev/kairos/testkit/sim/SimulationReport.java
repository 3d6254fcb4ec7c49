package dev.kairos.testkit.sim;

import java.util.List;
import java.util.Optional;

/**
 * What became of one simulation.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param seed what it was made from: the same seed gives the same again, in the same version
 * @param violation what must not be and was, if anything
 * @param trace the last events before the violation, or before the end
 * @param digest one number over all events
 * @param events how many events there were
 * @param starts how many runs were started
 * @param sends how many messages were sent
 */
public record SimulationReport(
        long seed, Optional<String> violation, List<String> trace, long digest, long events, long starts, long sends) {
    public SimulationReport {
        trace = List.copyOf(trace);
    }

    /** The violation with its seed and the events that led to it, for people. */
    public String describe() {
        return "seed " + seed + ": " + violation.orElse("nothing wrong") + System.lineSeparator()
                + String.join(System.lineSeparator(), trace);
    }
}
