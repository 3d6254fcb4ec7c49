package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.orchestrator.Unfired;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a provider's context passes on to: the one place where firing has a meaning. */
interface FiringCore extends AheadTicks {
    FireResult fire(FireRequest request, String source);

    TickReport tick();

    @Override
    default TickReport tickAhead() {
        return tickAhead(Optional.empty());
    }

    /** The same, where being late since then counts against no grace: somebody else was to fire. */
    default TickReport tickAhead(Optional<Instant> excusedSince) {
        return tick();
    }

    /** A pass of sends, retries, queued and requested runs alone. */
    TickReport passOfWhatWaits();

    /**
     * The backstop's pass: claims the occurrences that somebody else should have fired by the instant.
     *
     * @param isSpared the jobs that are left alone
     * @param excusedSince from when on being late counts against no grace
     */
    TickReport passOfOverdue(Instant dueBy, Predicate<String> isSpared, Optional<Instant> excusedSince);

    /**
     * The jobs that are due and that nobody has claimed, at most so many, earliest first; empty while that is not known,
     * because this node may claim nothing itself.
     */
    Optional<List<Unfired>> unfired(int most);

    /** What other processes of this home tried to fire since asked last, called by triggers outside. */
    default List<OutsideAttempts.Attempt> outsideAttempts() {
        return List.of();
    }

    /** When {@code _wake} should be armed. */
    Optional<Instant> wakeAt();

    /** When the latest occurrence of the job was due that somebody decided about. */
    Optional<Instant> lastDueAt(String jobId);

    /** When a provider of this node last claimed something. */
    default Optional<Instant> lastFire() {
        return Optional.empty();
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
