package dev.kairos.orchestrator.health;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How a node is, as far as its heartbeat tells.
 *
 * <p>Status: internal.
 *
 * @param node the node's id
 * @param place where it lives
 * @param condition how it is
 * @param pid its process id, where known
 * @param provider the provider it uses, where known
 * @param alive its last sign of life
 * @param lastClean its last pass without trouble
 * @param error what the last pass met, while that was not clean
 * @param notes what it says of itself beside that
 * @param advice what it means and what to do, for people
 */
public record NodeHealth(
        String node,
        NodePlace place,
        Condition condition,
        Optional<Long> pid,
        Optional<String> provider,
        Optional<Instant> alive,
        Optional<Instant> lastClean,
        Optional<String> error,
        NodeNotes notes,
        String advice) {

    /** How a node is. */
    public enum Condition {
        /** It makes clean passes. */
        ALIVE,
        /** No sign of life for too long. */
        STALLED,
        /** Signs of life, but no clean pass for too long. */
        FAILING,
        /** Its process was stopped from outside, by a signal or a debugger, and does nothing at all. */
        STOPPED,
        /** It was asked to end: it finishes what it has and claims nothing more. */
        STOPPING,
        /** It lives and fires nothing by itself: its provider is none. */
        IDLE,
        /** There is nothing to judge by. */
        UNKNOWN;

        /** The word in {@code status}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public NodeHealth {
        Objects.requireNonNull(node);
        Objects.requireNonNull(place);
        Objects.requireNonNull(condition);
        Objects.requireNonNull(pid);
        Objects.requireNonNull(provider);
        Objects.requireNonNull(alive);
        Objects.requireNonNull(lastClean);
        Objects.requireNonNull(error);
        Objects.requireNonNull(notes);
        Objects.requireNonNull(advice);
    }

    /** Whether it needs a person: it should fire and does not. */
    public boolean isTroubled() {
        return condition == Condition.STALLED || condition == Condition.FAILING || isStopped();
    }

    /** Whether its process stands still: it takes up nothing until it goes on. */
    public boolean isStopped() {
        return condition == Condition.STOPPED;
    }

    /** Whether it may fire by itself; what says nothing of itself may. */
    public boolean mayFire() {
        return !isStopped() && condition != Condition.STOPPING && condition != Condition.IDLE;
    }

    /** Whether {@code status} calls it healthy. */
    public boolean isHealthy() {
        return condition == Condition.ALIVE;
    }
}
