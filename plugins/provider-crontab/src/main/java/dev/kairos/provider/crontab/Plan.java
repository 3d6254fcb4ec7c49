package dev.kairos.provider.crontab;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What should stand in the block.
 *
 * @param lines the lines inside the fence
 * @param armed the ids that are armed, each with its own lines; without any where a wake-up does for it
 * @param refused the jobs that cannot be armed, each with its reason
 * @param soonest the start of the earliest minute for which something new is armed: written later, it is missed
 */
record Plan(
        List<String> lines, Map<String, List<String>> armed, Map<String, String> refused, Optional<Instant> soonest) {
    Plan {
        lines = List.copyOf(lines);
        armed = Map.copyOf(armed);
        refused = Map.copyOf(refused);
    }
}
