package dev.kairos.testkit.sim;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.orchestrator.jobs.Requests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A wish to cancel that was committed is honoured: the attempt does not start any more, it ends within a bound, cancelled
 * unless it was done before its owner can have heard of the wish. Time in which its owner was in trouble does not count.
 */
final class CancelRules implements Step.Rule {
    /** The owner looks every two seconds. */
    private static final Duration HEARD = Duration.ofSeconds(20);

    /** A thread that ignores its end is given up. */
    private static final Duration ENDED = Duration.ofSeconds(75);

    private final SimWorld world;
    private final Map<String, Wish> open = new LinkedHashMap<>();

    private record Wish(Execution row, long at, boolean wasMarked) {}

    CancelRules(SimWorld world) {
        this.world = world;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        for (Step.RowChange change : step.rowChanges()) {
            Execution before = change.before();
            Execution after = change.after();
            if (before != null && Requests.isCancelWished(before)) {
                checkKept(before, change, violation);
            } else if (after != null && Requests.isCancelWished(after)) {
                open.put(after.id(), new Wish(after, world.time.now(), after.status() == ExecutionStatus.RUNNING));
            }
        }
    }

    private void checkKept(Execution before, Step.RowChange change, Consumer<String> violation) {
        Execution after = change.after();
        if (after == null || after.status().isOpen() && !Requests.isCancelWished(after)) {
            violation.accept("a wish to cancel is lost: " + before + " became " + after);
            return;
        }
        if (after.status().isOpen()) {
            return;
        }
        Wish wish = open.remove(after.id());
        boolean isDone = after.status() == ExecutionStatus.OK;
        if (!isDone && after.status() != ExecutionStatus.CANCELLED) {
            violation.accept("asked to end, and it did not end as cancelled: " + after);
        }
        if (isDone && wish != null && waited(wish).compareTo(HEARD) > 0) {
            violation.accept("asked to end " + waited(wish) + " before, and it went on until it was done: " + after);
        }
    }

    /** How long its owner, in good health, has known the wish. */
    private Duration waited(Wish wish) {
        SimProcess owner = world.processOf(wish.row().node().orElseThrow());
        return Duration.ofMillis(world.time.now() - Math.max(wish.at(), owner.troubledUntil));
    }

    /** A runner is called. */
    void starts(SimProcess process, Execution row, Consumer<String> violation) {
        Wish wish = open.get(row.id());
        if (wish != null && (!wish.wasMarked() || waited(wish).compareTo(HEARD) > 0)) {
            violation.accept("it starts on " + process.name + " after it was asked to end: " + row);
        }
    }

    /** Looks at what was asked to end and has not; what dead owners left is for those who recover it. */
    void checkOpen(Consumer<String> violation) {
        for (Wish wish : open.values()) {
            boolean isOwnerAlive = !world.processOf(wish.row().node().orElseThrow()).isDead;
            if (isOwnerAlive && waited(wish).compareTo(ENDED) > 0) {
                violation.accept("asked to end " + waited(wish) + " before, and it goes on: " + wish.row());
            }
        }
    }
}
