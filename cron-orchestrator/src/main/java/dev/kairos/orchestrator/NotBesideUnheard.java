package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import java.util.function.BooleanSupplier;

/**
 * While this node is just back from a silence of the store, decides nothing about a job that another node holds a run of:
 * that run may be over, and what came due meanwhile must not be skipped as an overlap with it. It stays due, for this
 * node's next look or for the other node, which knows how its run stands.
 */
final class NotBesideUnheard implements JobDecider {
    private final JobDecider decider;
    private final String node;
    private final BooleanSupplier isJustBack;
    private final Runnable left;

    /**
     * Before a decider.
     *
     * @param node this node's id
     * @param isJustBack whether others may not be back yet
     * @param left is told of each job that is left alone
     */
    NotBesideUnheard(JobDecider decider, String node, BooleanSupplier isJustBack, Runnable left) {
        this.decider = decider;
        this.node = node;
        this.isJustBack = isJustBack;
        this.left = left;
    }

    @Override
    public Amendment decide(JobView view) {
        boolean isLeft = isJustBack.getAsBoolean()
                && view.job().filter(NotBesideUnheard::mustNotOverlap).isPresent()
                && isHeldElsewhere(view);
        if (isLeft) {
            left.run();
            return Amendment.none();
        }
        return decider.decide(view);
    }

    @Override
    public Amendment passOver(JobView view) {
        return decider.passOver(view);
    }

    private static boolean mustNotOverlap(Job job) {
        return job.definition().get(JobField.OVERLAP, Overlap.SKIP) != Overlap.ALLOW;
    }

    private boolean isHeldElsewhere(JobView view) {
        return view.openRows().stream()
                .filter(row -> row.status().isOwned())
                .anyMatch(row -> row.node().filter(node::equals).isEmpty());
    }
}
