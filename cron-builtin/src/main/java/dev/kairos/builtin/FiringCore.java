package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a provider's context passes on to: the one place where firing has a meaning. */
interface FiringCore extends AheadTicks {
    FireResult fire(FireRequest request, String source);

    TickReport tick();

    @Override
    default TickReport tickAhead() {
        return tick();
    }

    List<DesiredTrigger> desiredTriggers();

    /** When the earliest of what no schedule makes due has its time: sends, retries, queued and requested runs. */
    Optional<Instant> waitingDueAt();

    /** When something is due next, as far as the store knows. */
    Optional<Instant> nextWakeAt();

    /** Whether this node's lease lets it start work; a pass without it claims nothing, so that it cannot fail either. */
    default boolean mayStart() {
        return true;
    }

    /** Tells the log and the listeners of a state change; see {@code docs/events.md}. */
    default void publish(String name, String... details) {}

    /** The same for something that is not as it should be. */
    default void publishWarning(String name, String... details) {}
}
