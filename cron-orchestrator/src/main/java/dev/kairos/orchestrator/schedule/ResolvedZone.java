package dev.kairos.orchestrator.schedule;

import java.time.ZoneId;
import java.util.List;
import java.util.Objects;

/**
 * The zone a new schedule gets, and where it came from.
 *
 * @param zone the zone stored with the job
 * @param source which candidate gave it
 * @param warnings what a person should be told about the choice, each a sentence; usually none
 *     <p>Status: experimental since 0.1.
 */
public record ResolvedZone(ZoneId zone, Source source, List<String> warnings) {

    /** The candidates, in the order in which they are asked. */
    public enum Source {
        /** The schedule's own: a zone prefix or the job's {@code timezone}. */
        SCHEDULE,
        /** The setting {@code cron.timezone}. */
        CONFIGURATION,
        /** The machine's zone. */
        SYSTEM,
        /** UTC, because the machine has a fixed offset and no zone. */
        FALLBACK
    }

    /** Copies the warnings. */
    public ResolvedZone {
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(source, "source");
        warnings = List.copyOf(warnings);
    }
}
