package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an instant as other tools write it: with an offset or without, or as seconds or milliseconds since 1970. */
final class LooseInstant {
    private static final long MILLIS_BEGIN_HERE = 100_000_000_000L;

    private LooseInstant() {}

    /** The instant; empty if there is none or it cannot be read. */
    static Optional<Instant> read(@Nullable Object given, ZoneId zone) {
        if (given instanceof Number number) {
            double value = number.doubleValue();
            if (!(Math.abs(value) < 1e14)) {
                return Optional.empty();
            }
            double seconds = Math.abs(value) >= MILLIS_BEGIN_HERE ? value / 1_000 : value;
            return Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1_000)));
        }
        if (!(given instanceof String text) || text.isBlank() || text.length() > 64) {
            return Optional.empty();
        }
        try {
            return Schedule.fromMap(Map.of("kind", "once", "run_at", text.strip()), zone)
                    .runAt();
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}
