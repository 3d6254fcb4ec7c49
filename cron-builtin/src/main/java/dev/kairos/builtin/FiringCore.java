package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a provider's context passes on to: the one place where firing has a meaning. */
interface FiringCore {
    FireResult fire(FireRequest request, String source);

    TickReport tick();

    List<DesiredTrigger> desiredTriggers();

    /** When something is due next, as far as the store knows. */
    Optional<Instant> nextWakeAt();
}
