package dev.kairos.orchestrator.memory;

import java.time.Instant;
import java.util.Comparator;

/** One job in an index of due instants. */
record Due(Instant at, String jobId) implements Comparable<Due> {
    private static final Comparator<Due> ORDER = Comparator.comparing(Due::at).thenComparing(Due::jobId);

    @Override
    public int compareTo(Due other) {
        return ORDER.compare(this, other);
    }
}
