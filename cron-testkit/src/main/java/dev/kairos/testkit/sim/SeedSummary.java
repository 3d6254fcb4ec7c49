package dev.kairos.testkit.sim;

import java.time.Duration;
import java.util.List;

/**
 * What became of many simulations.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param seeds how many were simulated
 * @param starts how many runs were started in them
 * @param sends how many messages were sent
 * @param events how many events there were
 * @param took how long it took, in real time
 * @param cores how many went side by side
 * @param violations the first that broke a promise, by seed
 */
public record SeedSummary(
        long seeds, long starts, long sends, long events, Duration took, int cores, List<SimulationReport> violations) {
    public SeedSummary {
        violations = List.copyOf(violations);
    }

    /** The figures on one line. */
    public String line() {
        return "seeds=" + seeds + " starts=" + starts + " sends=" + sends + " events=" + events + " seconds="
                + took.toSeconds() + " cores=" + cores + " violations=" + violations.size();
    }
}
